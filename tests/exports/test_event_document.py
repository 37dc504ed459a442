"""Every event has a JSON form with its run, number, time and type."""

from __future__ import annotations

import json

import pytest

from mm_orch.errors import EngineCrashed
from mm_orch.exports.event_document import of_event
from mm_orch.records.event import (
    QueryEvent,
    Routed,
    RunCancelled,
    RunEvent,
    RunFailed,
    RunFinished,
    RunStarted,
    StepFinished,
    StepLedger,
    StepProgress,
    StepText,
)
from mm_orch.records.ledger import Ledger
from mm_orch.records.route import Route
from mm_orch.records.workflow_result import WorkflowResult

EVENTS: list[tuple[QueryEvent, dict[str, object]]] = [
    (RunStarted("r", "s"), {"session_id": "s"}),
    (StepText("answer", "茶"), {"id": "answer", "text": "茶"}),
    (StepProgress("fetch", "pages", 1, 3), {"id": "fetch", "what": "pages", "done": 1, "total": 3}),
    (StepFinished("a", "generate", 0.5), {"id": "a", "kind": "generate", "seconds": 0.5, "tokens_per_second": 0.0}),
    (RunCancelled(), {}),
    (RunFailed(EngineCrashed("gone", hint="Try again")), {"error": {
        "type": "EngineCrashed", "message": "gone", "hint": "Try again",
    }}),
]  # fmt: skip


@pytest.mark.parametrize(("event", "content"), EVENTS)
def test_an_event_tells_what_it_holds(event: QueryEvent, content: dict[str, object]) -> None:
    document = of_event(RunEvent("r", 3, 12.5, event))
    head = {"run_id": "r", "seq": 3, "time": 12.5, "type": type(event).__name__}
    assert document == head | content
    assert json.loads(json.dumps(document)) == document


def test_a_result_is_the_document_that_json_prints() -> None:
    document = of_event(RunEvent("r", 9, 1.0, RunFinished(WorkflowResult("chat_generate", "Hi.", "Hi."))))
    assert (document["type"], document["result"]["answer"], document["result"]["error"]) == (
        "RunFinished", "Hi.", None,
    )  # fmt: skip


def test_a_route_is_told_as_in_the_document() -> None:
    told = of_event(RunEvent("r", 2, 1.0, Routed(Route("search_qa", 0.5, "because"))))
    assert told["route"]["confidence"] == 0.5


def test_a_ledger_can_be_told() -> None:
    assert json.dumps(of_event(RunEvent("r", 2, 1.0, StepLedger("answer", Ledger(100)))))
