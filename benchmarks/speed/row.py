"""One line of the table: what was compared, the ratio, and what it should be."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Row:
    """``value`` must be at least ``goal``, or at most with ``at_most``; no goal is for information only.

    ``pairs`` are the values of the single rounds, of which ``value`` is the median; ``disturbed`` is in how many
    of them other programs took a noticeable part of the machine.
    """

    part: str
    what: str
    value: float
    goal: float | None = None
    at_most: bool = False
    pairs: tuple[float, ...] = ()
    disturbed: int = 0
    note: str = ""

    @classmethod
    def of_pairs(cls, part: str, what: str, pairs: Sequence[float], goal: float | None = None, **more: Any) -> Self:
        """The median of the rounds."""
        return cls(part, what, statistics.median(pairs), goal, pairs=tuple(pairs), **more)

    @property
    def ok(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value <= self.goal if self.at_most else self.value >= self.goal

    def as_document(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "what": self.what,
            "value": round(self.value, 3),
            "goal": self.goal,
            "bound": None if self.goal is None else "at most" if self.at_most else "at least",
            "ok": self.ok,
            "rounds": [round(pair, 3) for pair in self.pairs],
            "disturbed_rounds": self.disturbed,
            "note": self.note,
        }


def spread(pairs: Sequence[float]) -> str:
    """The middle half of the rounds' values, in text; empty where there are too few to tell."""
    if len(pairs) < 4:
        return ""
    low, _, high = statistics.quantiles(pairs, n=4)
    return f"{low:.2f}–{high:.2f}"
