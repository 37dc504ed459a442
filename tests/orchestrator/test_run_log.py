"""A run's log: what its end stores, and which turns of a conversation a model is shown."""

from __future__ import annotations

from mm_orch.errors import ContextLengthExceeded, EngineCrashed
from mm_orch.orchestrator.run_log import RunLog, whole_turns
from mm_orch.recording.recorded_run import Beginning
from mm_orch.records.event import RunCancelled, StepText
from mm_orch.records.limits import Limits
from mm_orch.records.message import Message
from mm_orch.records.query import Query
from mm_orch.records.session import Run, StoredMessage


def log(last_seq: int = 0, question: str = "q") -> RunLog:
    run = Run("r", "s", question, "", "running", 1.0, last_seq=last_seq)
    return RunLog(run, Beginning(Query(question, "chat_generate"), Limits(), "nonce"))


def test_events_count_on_from_what_was_told_before() -> None:
    assert [log(5).told(RunCancelled()).seq, log().told(RunCancelled()).seq] == [6, 1]


def test_what_was_said_is_kept_when_a_run_breaks_off() -> None:
    told = log()
    for text in ("Hel", "lo"):
        told.told(StepText("answer", text))
    stopped, failed = told.broken_off(None), told.broken_off(EngineCrashed("gone"))
    assert (stopped.status, stopped.answer, stopped.document["error"]["type"]) == (
        "interrupted", "Hello", "Interrupted",
    )  # fmt: skip
    assert (failed.status, failed.document["error"]["message"], failed.last_seq) == ("failed", "gone", 2)


def test_how_a_run_ended_is_kept_in_the_language_of_its_question() -> None:
    error = ContextLengthExceeded(9, 5, 16)
    kept = [
        log(question=asked).broken_off(error).document["error"] for asked in ("what is a queue", "什么是队列？")
    ]
    assert [one["message"][:10] for one in kept] == ["the prompt", "提示词有 9 个 t"]


def test_a_run_that_said_nothing_has_no_answer() -> None:
    assert log().broken_off(None).answer is None


def test_history_has_whole_turns_only() -> None:
    said = [("user", "a"), ("user", "b"), ("assistant", "B"), ("assistant", "C"), ("user", "d")]
    stored = [StoredMessage(role, content, 0.0) for role, content in said]  # type: ignore[arg-type]
    assert whole_turns(stored) == [Message("user", "b"), Message("assistant", "B")]


def test_an_answer_that_came_late_stands_with_its_question() -> None:
    said = [("user", "a", "1"), ("user", "b", "2"), ("assistant", "B", "2"), ("assistant", "A", "1")]
    stored = [StoredMessage(role, content, 0.0, run) for role, content, run in said]  # type: ignore[arg-type]
    assert [message.content for message in whole_turns(stored)] == ["a", "A", "b", "B"]
