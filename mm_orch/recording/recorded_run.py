"""What a run began with, as its tape holds it beside the calls of its steps.

An entry ``query`` holds what was asked and under which limits, an entry ``workflow`` which one was chosen and with
which inputs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mm_orch.errors import StorageError
from mm_orch.recording import codec
from mm_orch.records.limits import Limits
from mm_orch.records.query import Query
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.records.route import Route

QUERY, WORKFLOW = "query", "workflow"


@dataclass(frozen=True, slots=True)
class Beginning:
    """The question, the user's limits, the run's ``nonce`` (see ``Deps``) and the ``version`` of MuAI.

    ``setup`` is how the program was set up: ``real_models``, ``model``, ``search`` (names of providers).
    """

    query: Query
    limits: Limits
    nonce: str
    setup: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The workflow by name and by the hash of its file, its checked ``inputs``, and the route if it was routed."""

    workflow: str
    definition: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    route: Route | None = None


def beginning_of(run_id: str, calls: Iterable[RecordedCall]) -> Beginning:
    """Raises ``StorageError`` where the run was not recorded, or is kept no more."""
    found = next((call for call in calls if call.seam == QUERY), None)
    if found is None:
        raise StorageError("not_recorded", run=run_id)
    return codec.record(Beginning, found.answer)


def choice_of(calls: Iterable[RecordedCall]) -> Choice | None:
    """None where the run had not come that far."""
    found = next((call for call in calls if call.seam == WORKFLOW), None)
    return None if found is None else codec.record(Choice, found.answer)


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes; empty where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
