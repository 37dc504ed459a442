"""What a run of a workflow ends with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mm_orch.records.answer_support import AnswerSupport
from mm_orch.records.ledger import Ledger
from mm_orch.records.route import Route
from mm_orch.records.source import Source
from mm_orch.records.usage import Usage

Status = Literal["ok", "degraded", "failed"]


@dataclass(frozen=True, slots=True)
class StepTiming:
    """Wall-clock seconds of one step."""

    id: str
    kind: str
    seconds: float


@dataclass(frozen=True, slots=True)
class WorkflowResult:
    """The outcome: ``result`` is the answer as text, or a lesson's dict.

    ``answer`` is what a person reads, ``data`` the workflow's structured result if it has one. ``warnings`` name
    everything that was done otherwise than asked; any of them that costs quality makes ``status`` ``"degraded"``.
    ``timings`` are seconds by name (``"total"`` among them). ``artefacts`` are records by name, which the workflow
    made on the way: ``"support"`` where it checks its answer, ``"ledger"`` where it selects what the model reads.
    """

    workflow: str
    result: str | dict[str, Any]
    answer: str
    status: Status = "ok"
    data: Mapping[str, Any] | None = None
    sources: tuple[Source, ...] = ()
    warnings: tuple[str, ...] = ()
    model: str = ""
    provider: str = ""
    usage: Usage = field(default_factory=Usage)
    timings: Mapping[str, float] = field(default_factory=dict)
    steps: tuple[StepTiming, ...] = ()
    route: Route | None = None
    run_id: str | None = None
    session_id: str | None = None
    artefacts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def support(self) -> AnswerSupport | None:
        """How well the answer's sentences are supported; None where nothing was checked."""
        return self.artefacts.get("support")

    @property
    def ledger(self) -> Ledger | None:
        """Where the prompt's tokens went; None where nothing was selected."""
        return self.artefacts.get("ledger")
