"""A replay is compared by what a person reads, not by ids and times."""

from __future__ import annotations

from typing import Any

from mm_orch.exports import run_document
from mm_orch.recording.replay import differences, same
from mm_orch.records.workflow_result import WorkflowResult


def document(answer: str, **known: Any) -> dict[str, Any]:
    return run_document.of_result(WorkflowResult("chat_generate", answer, answer, **known))


def test_ids_and_times_make_no_difference() -> None:
    was, now = document("a", run_id="1", timings={"total": 1.0}), document("a", run_id="2", timings={"total": 2.0})
    assert same(was, now)
    assert differences(was, now) == []


def test_another_answer_is_shown_as_a_diff() -> None:
    was, now = document("one\ntwo", model="a"), document("one\nthree", model="b", warnings=("w",))
    assert not same(was, now)
    told = differences(was, now)
    assert told[:2] == ["--- recorded (a)", "+++ replayed (b)"]
    assert {"-two", "+three", "+warning: w"} <= set(told)
