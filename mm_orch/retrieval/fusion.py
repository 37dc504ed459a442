"""Rankings: of scores, and several made one by reciprocal rank fusion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")
_K = 60  # ranks are added as 1 / (_K + rank): the constant of the method's authors


def ranking(scores: Sequence[float]) -> list[int]:
    """Numbers of the passages that have a score, best first; of equals the earlier."""
    return sorted((at for at, score in enumerate(scores) if score > 0), key=lambda at: (-scores[at], at))


def fuse(rankings: Iterable[tuple[Sequence[T], float]]) -> list[T]:
    """One ranking of several, each with its weight; what is equal stays as the first has it."""
    totals: dict[T, float] = {}
    for ranked, weight in rankings:
        for rank, thing in enumerate(ranked):
            totals[thing] = totals.get(thing, 0.0) + weight / (_K + rank)
    return sorted(totals, key=lambda thing: -totals[thing])
