"""What is told and said in one run: its numbered events, and how it ends in the store."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from mm_orch.errors import Interrupted
from mm_orch.exports import run_document
from mm_orch.language.detection import detect
from mm_orch.recording.recorded_run import Beginning
from mm_orch.records.event import QueryEvent, RunEvent, StepText
from mm_orch.records.message import Message
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.records.route import Route
from mm_orch.records.session import Ending, Run, StoredMessage
from mm_orch.records.workflow_result import WorkflowResult


@dataclass
class RunLog:
    """A run that was stored as begun; ``calls`` are those that it need not make again.

    ``workflow`` and ``route`` are set once they are known.
    """

    run: Run
    beginning: Beginning
    calls: Sequence[RecordedCall] = ()
    route: Route | None = None
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.workflow = self.beginning.query.workflow or ""
        self._seq = self.run.last_seq

    def told(self, event: QueryEvent) -> RunEvent:
        """``event`` with the next number."""
        if isinstance(event, StepText):
            self.said.append(event.text)
        self._seq += 1
        return RunEvent(self.run.id, self._seq, time.time(), event)

    def named(self, result: WorkflowResult) -> WorkflowResult:
        """``result`` with the ids and the route of the run."""
        return replace(result, run_id=self.run.id, session_id=self.run.session_id, route=self.route)

    def finished(self, result: WorkflowResult) -> Ending:
        """The end with ``result``, whose event is still to be told."""
        document = run_document.of_result(result)
        return Ending(result.status, result.workflow, result.answer, document, self._seq + 1)

    def broken_off(self, error: Exception | None) -> Ending:
        """The end by ``error``, or by somebody who stopped the run (None), with what was said by then."""
        partial = "".join(self.said)
        known = self.named(WorkflowResult(self.workflow, partial, partial))
        document = run_document.of_failure(error or Interrupted("interrupted"), known, detect(self.run.query))
        answer = partial if partial.strip() else None
        return Ending("failed" if error else "interrupted", self.workflow, answer, document, self._seq)


def whole_turns(messages: Iterable[StoredMessage]) -> list[Message]:
    """A question and its answer at a time: chat templates refuse two turns of the same side in a row.

    An answer belongs to the question of its run: one that was resumed may come after later questions.
    """
    turns: list[tuple[Message, ...]] = []
    waiting: dict[str | None, int] = {}
    for message in messages:
        if message.role == "user":
            waiting[message.run_id] = len(turns)
            turns.append((Message("user", message.content),))
        elif message.role == "assistant" and message.run_id in waiting:
            turns[waiting.pop(message.run_id)] += (Message("assistant", message.content),)
    return [message for turn in turns if len(turn) > 1 for message in turn]
