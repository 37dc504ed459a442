"""Measuring things in turns, so that whatever happens to the machine happens to all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.speed import quiet

Measure = Callable[[], float]
# A disturbed measurement is taken again this many times at most.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Rounds:
    """What each contestant scored in each round, and the worst share others had of the machine in it."""

    scores: Mapping[str, list[float]]
    others: list[float]

    def pairs(self, one: str, other: str) -> tuple[float, ...]:
        """The ratio of two contestants round by round."""
        return tuple(mine / theirs for mine, theirs in zip(self.scores[one], self.scores[other], strict=True))

    def median(self, one: str) -> float:
        return statistics.median(self.scores[one])

    @property
    def disturbed(self) -> int:
        return sum(share >= quiet.NOTICEABLE for share in self.others)


def alternate(contestants: Mapping[str, Measure], rounds: int, patience_s: float) -> Rounds:
    """Let all take turns ``rounds`` times, each round beginning with another; a round before the first is not kept.

    ``patience_s`` is for how many seconds, all in all, measurements wait for a quiet machine and are taken again.
    """
    scores: dict[str, list[float]] = {name: [] for name in contestants}
    others: list[float] = []
    deadline = time.monotonic() + patience_s
    for measure in contestants.values():
        measure()
    names = list(contestants)
    for turn in range(rounds):
        first = turn % len(names)
        worst = 0.0
        for name in names[first:] + names[:first]:
            score, share = _quietly(contestants[name], deadline)
            scores[name].append(score)
            worst = max(worst, share)
        others.append(worst)
    return Rounds(scores, others)


def _quietly(measure: Measure, deadline: float) -> tuple[float, float]:
    """The score of the try that was disturbed least, and how much it was; one try after ``deadline``."""
    best: tuple[float, float] | None = None
    for _ in range(_TRIES):
        quiet.wait(deadline)
        watch = quiet.Watch()
        score = measure()
        share = watch.others()
        if best is None or share < best[1]:
            best = (score, share)
        if share < quiet.NOTICEABLE or time.monotonic() > deadline:
            break
    assert best is not None
    return best
