"""A conversation and the runs in it, as they are stored. Times are seconds since the epoch, UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mm_orch.records.message import Role

RunStatus = Literal["running", "ok", "degraded", "failed", "interrupted"]


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation; ``title`` is its first question, shortened."""

    id: str
    title: str
    created: float
    updated: float
    messages: int = 0


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as it was said; ``run_id`` names the run that answered or asked it."""

    role: Role
    content: str
    created: float
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One query's way through a workflow; ``document`` is the ``--json`` document once it ended.

    ``last_seq`` numbers the last event that was told of it, 0 as long as it never ended.
    """

    id: str
    session_id: str
    query: str
    workflow: str
    status: RunStatus
    created: float
    ended: float | None = None
    document: Mapping[str, Any] | None = None
    last_seq: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended, and its ``--json`` document; ``answer`` is what was said, None where nothing was."""

    status: RunStatus
    workflow: str
    answer: str | None
    document: Mapping[str, Any]
    last_seq: int = 0
