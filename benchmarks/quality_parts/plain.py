"""Plain retrieval to compare with: BM25 over passages of 120 words, their own words and nothing else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mm_orch.language.sentences import sentences
from mm_orch.language.words import words
from mm_orch.records.page import Page

PASSAGE_WORDS = 120
BEST = 8  # as many as the workflow hands to the model at most

_K1, _B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class PlainPassage:
    """Whole sentences of a page."""

    url: str
    text: str


def cut(page: Page) -> list[PlainPassage]:
    """``page`` in passages of whole sentences, of ``PASSAGE_WORDS`` words at most unless one sentence has more."""
    found: list[list[str]] = [[]]
    counted = 0
    for sentence in sentences(page.text):
        size = len(words(sentence))
        if found[-1] and counted + size > PASSAGE_WORDS:
            found.append([])
            counted = 0
        found[-1].append(sentence)
        counted += size
    return [PlainPassage(page.url, "".join(part)) for part in found if part]


class Bm25:
    """Ranks texts by the words they share with a question."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts = [Counter(words(text)) for text in texts]
        self._sizes = [counts.total() for counts in self._counts]
        self._mean = sum(self._sizes) / max(len(self._sizes), 1)
        self._holding = Counter(word for counts in self._counts for word in counts)

    def best(self, question: str, limit: int) -> list[int]:
        """The places of the texts that share most with ``question``, best first; none that shares nothing."""
        asked = set(words(question))
        scores = [self._score(asked, at) for at in range(len(self._counts))]
        ranked = sorted((at for at, score in enumerate(scores) if score > 0), key=lambda at: (-scores[at], at))
        return ranked[:limit]

    def _score(self, asked: set[str], at: int) -> float:
        counts, size = self._counts[at], self._sizes[at]
        norm = _K1 * (1 - _B + _B * size / self._mean)
        return sum(
            self._weight(word) * counts[word] * (_K1 + 1) / (counts[word] + norm) for word in asked & counts.keys()
        )

    def _weight(self, word: str) -> float:
        n = self._holding[word]
        return math.log(1 + (len(self._counts) - n + 0.5) / (n + 0.5))


class PlainRetrieval:
    """The best ``BEST`` passages of all pages."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._passages = [passage for page in pages for passage in cut(page)]
        self._ranking = Bm25(passage.text for passage in self._passages)

    def best(self, question: str) -> list[PlainPassage]:
        return [self._passages[at] for at in self._ranking.best(question, BEST)]
