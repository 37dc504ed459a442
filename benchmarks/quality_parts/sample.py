"""Sentences that were shown as supported, with the passages they cite, for a person to read."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.quality_parts.scoring import Score

_SEED = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """One sentence under one question; ``quotes`` are what its sources were used for."""

    question: str
    sentence: str
    quotes: tuple[str, ...]


def drawn(scores: Iterable[Score], count: int) -> list[Shown]:
    """At most ``count`` of the sentences, drawn by a fixed seed, in the order of the questions."""
    shown = [each for score in scores for each in _shown(score)]
    chosen = random.Random(_SEED).sample(range(len(shown)), min(count, len(shown)))
    return [shown[at] for at in sorted(chosen)]


def as_markdown(shown: Sequence[Shown]) -> str:
    """To be read and judged: the last two lines of each are for the reader."""
    parts = [
        f"## {number}\n\nQuestion: {each.question}\n\nSentence: {each.sentence}\n\n"
        + "".join(f"> {' '.join(quote.split())}\n\n" for quote in each.quotes)
        + "Verdict:\n"
        for number, each in enumerate(shown, start=1)
    ]
    return "\n".join(parts)


def _shown(score: Score) -> Iterator[Shown]:
    if score.result is None or score.result.support is None or score.result.support.quoted_only:
        return
    quotes = {source.id: source.quote or "" for source in score.result.sources}
    for sentence in score.result.support.sentences:
        if sentence.verdict == "supported":
            cited = tuple(quotes.get(number, "") for number in sentence.sources)
            yield Shown(score.question.text, sentence.text.strip(), cited)
