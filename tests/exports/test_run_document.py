"""The JSON document has all promised keys, whatever became of the run."""

from __future__ import annotations

import json

from mm_orch.errors import EngineCrashed
from mm_orch.exports.run_document import of_error, of_failure, of_result, of_route
from mm_orch.records.route import Alternative, Route
from mm_orch.records.source import Source
from mm_orch.records.usage import Usage
from mm_orch.records.workflow_result import StepTiming, WorkflowResult

RESULT = WorkflowResult(
    "search_qa",
    "Hot [1].",
    "Hot [1].",
    "degraded",
    sources=(Source(1, "茶", "http://a/"),),
    warnings=("slow",),
    usage=Usage(3, 2, 1),
    timings={"total": 0.5},
    steps=(StepTiming("answer", "generate", 0.4),),
    route=Route("search_qa", 0.123456, "because", (Alternative("chat_generate", 0.1),)),
    run_id="r",
    session_id="s",
)


def test_a_result_becomes_plain_json() -> None:
    document = json.loads(json.dumps(of_result(RESULT)))
    assert document["sources"] == [{"id": 1, "title": "茶", "url": "http://a/", "quote": None}]
    assert document["usage"] == {"prompt_tokens": 3, "cached_tokens": 2, "completion_tokens": 1}
    assert document["steps"] == [{"id": "answer", "kind": "generate", "seconds": 0.4}]
    assert document["route"]["alternatives"] == [{"workflow": "chat_generate", "confidence": 0.1}]
    assert document["error"] is None


def test_a_failure_has_the_same_keys_and_says_why() -> None:
    document = of_failure(EngineCrashed("gone", hint="again"), RESULT)
    assert set(document) == set(of_result(RESULT))
    assert document["status"] == "failed"
    assert document["error"] == {"type": "EngineCrashed", "message": "gone", "hint": "again"}


def test_an_error_that_is_not_ours_is_named_too() -> None:
    assert of_error(ZeroDivisionError()) == {
        "type": "ZeroDivisionError",
        "message": "ZeroDivisionError",
        "hint": "",
    }


def test_a_named_workflow_has_no_route() -> None:
    assert of_route(None) is None
