"""Progress: plain lines for logs, one changing line for terminals, nothing when quiet."""

from __future__ import annotations

import io
from contextlib import redirect_stderr

import pytest
from rich.console import Console

from mm_orch.cli.downloads_view import DownloadsView, human_size
from mm_orch.cli.live_progress import LiveProgress
from mm_orch.cli.progress import PlainProgress, Silence, progress
from mm_orch.records.event import (
    QueryEvent,
    Routed,
    StepDraft,
    StepFinished,
    StepLedger,
    StepProgress,
    StepPrompt,
    StepStarted,
)
from mm_orch.records.ledger import Ledger, LedgerEntry
from mm_orch.records.route import Route
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.runtime.download_progress import DownloadProgress

EVENTS: list[QueryEvent] = [
    Routed(Route("search_qa", 0.913, "because")),
    StepStarted("fetch", "fetch"),
    StepProgress("fetch", "pages", 0, 3),
    StepProgress("fetch", "pages", 3, 3),
    StepFinished("fetch", "fetch", 1.26),
    StepPrompt("answer", "Say \x1b[31mhi"),
    StepFinished("answer", "generate", 2.0, 41.7),
]
RESULT = WorkflowResult("search_qa", "a", "a", timings={"total": 3.3})


def test_plain_progress_is_a_line_a_step() -> None:
    err = io.StringIO()
    with redirect_stderr(err):
        for event in EVENTS:
            PlainProgress(prompts=False).tell(event)
    assert err.getvalue().splitlines() == [
        "- workflow search_qa (91%): because",
        "- fetch: 3/3 pages",
        "- fetch: 1.3 s",
        "- answer: 2.0 s, 42 tokens/s",
    ]


def test_prompts_are_shown_when_asked_for_and_cleaned() -> None:
    err = io.StringIO()
    with redirect_stderr(err):
        PlainProgress(prompts=True).tell(EVENTS[5])
    assert err.getvalue() == "--- prompt of step 'answer' ---\nSay [31mhi\n--- end of prompt ---\n"


def test_live_progress_sums_up_after_the_answer() -> None:
    out = io.StringIO()
    live = LiveProgress(Console(file=out, force_terminal=True, width=80), prompts=False)
    for event in EVENTS:
        live.tell(event)
    live.pause()
    before = out.getvalue()
    live.tell(EVENTS[1])
    assert out.getvalue() == before
    live.done(RESULT)
    live.close()
    assert "fetch: 3/3 pages" in before
    assert "(search_qa, 3.3 s, 42 tokens/s)" in out.getvalue()


def test_a_draft_is_shown_while_it_is_one_and_gone_before_the_answer() -> None:
    out = io.StringIO()
    live = LiveProgress(Console(file=out, force_terminal=True, width=80), prompts=False)
    live.tell(StepStarted("answer", "generate"))
    for piece in ("Tea is \x1b[31mcold", " and old."):
        live.tell(StepDraft("answer", piece))
    live.pause()
    shown, _, after = out.getvalue().rpartition("and old.")
    assert "draft, still to be checked" in shown
    assert "Tea is [31mcold" in shown
    assert "\x1b[2K" in after  # the lines are cleared
    before = out.getvalue()
    live.tell(StepDraft("answer", " More."))
    assert out.getvalue() == before


def test_the_line_tells_tokens_and_time_left_in_the_questions_language() -> None:
    ticks = iter(range(0, 1000, 2))
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    live = LiveProgress(console, prompts=False, language="zh", clock=lambda: next(ticks))
    live.tell(StepStarted("fetch", "fetch"))
    live.tell(StepLedger("select", Ledger(2048, (LedgerEntry("passage", "Tea", 500),))))
    live.tell(StepProgress("fetch", "pages", 1, 3))
    assert live.line().startswith("fetch: 1/3 网页 · 剩余 1,548 个 token · 约剩 ")
    live.close()


def test_a_ledger_is_a_line_of_its_own_in_logs() -> None:
    err = io.StringIO()
    with redirect_stderr(err):
        PlainProgress(prompts=False).tell(StepLedger("select", Ledger(2048)))
        PlainProgress(prompts=False).tell(StepDraft("answer", "Tea is"))
    assert err.getvalue() == "- select: 2,048 tokens left\n"


def test_a_stream_that_is_no_terminal_gets_plain_lines() -> None:
    with redirect_stderr(io.StringIO()):
        assert isinstance(progress(quiet=False, verbose=False), PlainProgress)
    assert isinstance(progress(quiet=True, verbose=True), Silence)


def test_downloads_are_told_by_size_and_not_for_every_block() -> None:
    err = io.StringIO()
    with redirect_stderr(err):
        view = DownloadsView(PlainProgress(prompts=False))
        for done in (1_000_000, 1_500_000, 2_000_000):
            view.progress(DownloadProgress("a.gguf", done, 2_000_000))
    assert err.getvalue().splitlines() == ["a.gguf: 1 MB of 2 MB", "a.gguf: 2 MB of 2 MB"]


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (999, "999 bytes"), (98_000_000, "98 MB"), (4_370_000_000, "4.4 GB")]
)
def test_sizes_are_read_by_people(size: float, text: str) -> None:
    assert human_size(size) == text
