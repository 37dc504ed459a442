"""The time that is left is told from what was seen, and not told before."""

from __future__ import annotations

import pytest

from mm_orch.cli.estimate import Estimate, duration
from mm_orch.records.event import StepDraft, StepFinished, StepLedger, StepProgress, StepStarted
from mm_orch.records.ledger import Ledger, LedgerEntry

LEDGER = StepLedger("select", Ledger(1000, (LedgerEntry("passage", "a", 300), LedgerEntry("answer", "", 200))))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def estimate(clock: Clock) -> Estimate:
    return Estimate(clock)


def test_nothing_is_told_before_there_is_anything_to_tell_it_from(estimate: Estimate) -> None:
    for event in (StepStarted("fetch", "fetch"), StepProgress("fetch", "pages", 0, 3), StepDraft("answer", "Tea")):
        estimate.tell(event)
    assert (estimate.left(), estimate.at_most(), estimate.tokens_left) == (None, None, None)


def test_things_that_are_counted_go_on_as_they_went(estimate: Estimate, clock: Clock) -> None:
    estimate.tell(StepStarted("fetch", "fetch"))
    clock.now = 4.0
    estimate.tell(StepProgress("fetch", "pages", 2, 6))
    assert estimate.left() == 8.0
    estimate.tell(StepProgress("fetch", "pages", 6, 6))
    assert estimate.left() is None


def test_an_answer_takes_at_most_its_tokens_at_the_speed_seen_before(estimate: Estimate, clock: Clock) -> None:
    estimate.tell(LEDGER)
    estimate.tell(StepFinished("notes", "summarize", 1.0, 20.0))
    estimate.tell(StepStarted("answer", "generate"))
    estimate.tell(StepDraft("answer", "Tea"))
    clock.now = 3.0
    assert estimate.at_most() == 7.0
    assert estimate.tokens_left == 500


def test_without_a_speed_from_before_the_draft_tells_its_own(estimate: Estimate, clock: Clock) -> None:
    estimate.tell(LEDGER)
    estimate.tell(StepStarted("answer", "generate"))
    estimate.tell(StepDraft("answer", "x" * 40))
    assert estimate.at_most() is None
    clock.now = 1.0
    assert estimate.at_most() == pytest.approx(19.0)
    clock.now = 1000.0
    assert estimate.at_most() is not None
    assert estimate.at_most() >= 0.0  # type: ignore[operator]


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "1 s"), (41.6, "42 s"), (180.0, "3 min")])
def test_durations_are_read_by_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text
