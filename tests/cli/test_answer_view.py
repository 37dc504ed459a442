"""An answer appears once, whole, with its sources, however it was streamed."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout

import pytest

from mm_orch.cli.answer_view import QUOTE_LENGTH, AnswerView, sources_text
from mm_orch.cli.progress import Silence
from mm_orch.errors import EngineError
from mm_orch.records.event import QueryEvent, RunFinished, RunStarted, StepDraft, StepText
from mm_orch.records.source import Source
from mm_orch.records.workflow_result import WorkflowResult

SOURCES = (Source(1, "Tea", "http://a/"), Source(2, "茶", "http://b/"))


def events(pieces: Sequence[str], answer: str, sources: tuple[Source, ...] = ()) -> Iterator[QueryEvent]:
    yield RunStarted("r", "s")
    yield from (StepText("answer", piece) for piece in pieces)
    yield RunFinished(WorkflowResult("w", answer, answer, sources=sources))


def shown(view: AnswerView, told: Iterator[QueryEvent]) -> str:
    out = io.StringIO()
    with redirect_stdout(out):
        view.follow(told)
    return out.getvalue()


@pytest.mark.parametrize("pieces", [["Tea is", " hot."], ["Tea is hot."], ["Tea"], []])
@pytest.mark.parametrize("stream", [True, False])
def test_the_answer_appears_once(pieces: list[str], stream: bool) -> None:
    assert shown(AnswerView(Silence(), stream=stream), events(pieces, "Tea is hot.")) == "Tea is hot.\n"


def test_an_answer_that_differs_from_its_stream_follows_it() -> None:
    assert shown(AnswerView(Silence(), stream=True), events(["Tea is cold."], "Tea is hot.")) == (
        "Tea is cold.\n\nTea is hot.\n"
    )


def test_sources_follow_after_a_line() -> None:
    found = shown(AnswerView(Silence(), stream=True), events(["Hot [1]."], "Hot [1].", SOURCES))
    assert found == "Hot [1].\n\nSources:\n[1] Tea\n    http://a/\n[2] 茶\n    http://b/\n"


def test_the_heading_of_sources_is_in_the_answers_language() -> None:
    assert sources_text(SOURCES, "zh").startswith("来源：\n[1] Tea")


def test_nothing_is_printed_for_a_document() -> None:
    assert shown(AnswerView(Silence(), stream=True, printed=False), events(["a"], "a", SOURCES)) == ""


def test_a_failure_ends_the_line_and_passes() -> None:
    def failing() -> Iterator[QueryEvent]:
        yield RunStarted("r", "s")
        yield StepText("answer", "Tea is")
        raise EngineError("gone")

    out = io.StringIO()
    view = AnswerView(Silence(), stream=True)
    with redirect_stdout(out), pytest.raises(EngineError):
        view.follow(failing())
    assert out.getvalue() == "Tea is\n"
    assert view.run == RunStarted("r", "s")


def test_a_source_shows_the_words_it_was_used_for_shortened() -> None:
    quoted = sources_text([Source(1, "Tea", "http://a/", "Tea is\nhot. " + "x" * 300)], "en").splitlines()[-1]
    assert quoted.startswith("    “Tea is hot. xxx")
    assert quoted.endswith("x…”")
    assert len(quoted) == QUOTE_LENGTH + 6


@pytest.mark.parametrize("stream", [True, False])
def test_nothing_of_a_draft_reaches_stdout(stream: bool) -> None:
    def told() -> Iterator[QueryEvent]:
        yield RunStarted("r", "s")
        yield from (StepDraft("answer", piece) for piece in ("Tea is", " cold."))
        yield RunFinished(WorkflowResult("w", "Tea is hot.", "Tea is hot."))

    assert shown(AnswerView(Silence(), stream=stream), told()) == "Tea is hot.\n"
