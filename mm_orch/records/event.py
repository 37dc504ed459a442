"""What a run tells while it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from mm_orch.records.ledger import Ledger
from mm_orch.records.route import Route
from mm_orch.records.workflow_result import WorkflowResult


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A query was stored and its run begins."""

    run_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Routed:
    """The router chose a workflow."""

    route: Route


@dataclass(frozen=True, slots=True)
class StepStarted:
    """Step ``id`` of kind ``kind`` begins."""

    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class StepProgress:
    """``done`` of ``total`` ``what`` (``"pages"``, ``"sections"`` …) of step ``id`` are finished."""

    id: str
    what: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class StepText:
    """A piece of the answer, as step ``id`` writes it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A piece of a draft that is still to be checked: it may be shown for the moment, and is no answer."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class StepPrompt:
    """The prompt that step ``id`` sent, as the model saw it."""

    id: str
    prompt: str


@dataclass(frozen=True, slots=True)
class StepLedger:
    """Where the tokens of the prompt go that step ``id`` has put together."""

    id: str
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class StepFinished:
    """Step ``id`` took ``seconds``; ``tokens_per_second`` is 0.0 where no model was asked."""

    id: str
    kind: str
    seconds: float
    tokens_per_second: float = 0.0


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event of a run that came to its end."""

    result: WorkflowResult


@dataclass(frozen=True, slots=True)
class RunFailed:
    """The last event of a run that ``error`` ended."""

    error: Exception


@dataclass(frozen=True, slots=True)
class RunCancelled:
    """The last event of a run that somebody stopped; what was written by then is stored."""


WorkflowEvent = (
    StepStarted | StepProgress | StepText | StepDraft | StepPrompt | StepLedger | StepFinished | RunFinished
)
QueryEvent = RunStarted | Routed | WorkflowEvent | RunFailed | RunCancelled


@dataclass(frozen=True, slots=True)
class RunEvent:
    """What a run told and when: ``seq`` counts its events from 1 without gaps, ``time`` is in epoch seconds.

    A run that is resumed counts on. The JSON form is ``run_document.of_event``.
    """

    run_id: str
    seq: int
    time: float
    event: QueryEvent
