"""What a run began with, as its tape holds it, and its seams with the tape between.

Besides the calls of its steps a tape has two entries of the run's own: ``query``, what was asked and under which
limits, and ``workflow``, which one was chosen and with which inputs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mm_orch.errors import StorageError
from mm_orch.nodes.base import Deps, Limits
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import TextEngine
from mm_orch.recording import codec
from mm_orch.recording.seams import RecordingEngine, RecordingFetcher, RecordingSearch
from mm_orch.recording.tape import Tape
from mm_orch.records.query import Query
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.records.route import Route
from mm_orch.workflows.definition import Definition

QUERY, WORKFLOW = "query", "workflow"


@dataclass(frozen=True, slots=True)
class Beginning:
    """The question, the user's limits and the run's ``nonce`` (see ``Deps``).

    ``setup`` is how the program was set up: ``real_models``, ``model``, ``search`` (names of providers).
    """

    query: Query
    limits: Limits
    nonce: str
    setup: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """The workflow by name and by the hash of its file, its checked ``inputs``, and the route if it was routed."""

    workflow: str
    definition: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    route: Route | None = None


def recorded(deps: Deps, tape: Tape) -> Deps:
    """``deps`` whose answers are recorded on ``tape``, and played where it knows them."""
    return replace(
        deps,
        engine=RecordingEngine(tape, deps.engine),
        search=None if deps.search is None else RecordingSearch(tape, deps.search),
        fetch=None if deps.fetch is None else RecordingFetcher(tape, deps.fetch),
    )


def played(tape: Tape, prompts: PromptLibrary, beginning: Beginning, engine: TextEngine | None) -> Deps:
    """What is answered by ``tape`` alone; an ``engine`` writes anew, from recorded searches and pages."""
    return Deps(
        engine or RecordingEngine(tape, None),
        prompts,
        RecordingSearch(tape, None, any_query=engine is not None),
        RecordingFetcher(tape, None, recorded_only=engine is not None),
        beginning.limits,
        nonce=beginning.nonce,
    )


async def write_beginning(tape: Tape, beginning: Beginning) -> None:
    await tape.write(QUERY, "", None, beginning)


async def write_choice(tape: Tape, definition: Definition, inputs: Mapping[str, Any], route: Route | None) -> None:
    """``inputs`` are checked ones; what follows from them is left out."""
    given = {name: inputs[name] for name in ("language", *definition.inputs)}
    await tape.write(WORKFLOW, "", None, Choice(definition.name, file_hash(definition), given, route))


def beginning_of(run_id: str, calls: Iterable[RecordedCall]) -> Beginning:
    """Raises ``StorageError`` where the run was not recorded, or is kept no more."""
    found = next((call for call in calls if call.seam == QUERY), None)
    if found is None:
        raise StorageError(
            f"nothing is recorded of run {run_id!r}",
            hint="Old records make room for new ones (storage.tape_bytes); ask the question again",
        )
    return codec.record(Beginning, found.answer)


def choice_of(calls: Iterable[RecordedCall]) -> Choice | None:
    """None where the run had not come that far."""
    found = next((call for call in calls if call.seam == WORKFLOW), None)
    return None if found is None else codec.record(Choice, found.answer)


def file_hash(definition: Definition) -> str:
    """The SHA-256 of a workflow's file; empty for one that came from none."""
    return hashlib.sha256(definition.path.read_bytes()).hexdigest() if definition.path.is_file() else ""
