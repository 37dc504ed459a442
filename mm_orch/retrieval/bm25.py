"""BM25 (Okapi) of passages for a question: spaced words as words, Chinese wherever it stands."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mm_orch.language.folding import fold
from mm_orch.language.script import has_cjk
from mm_orch.language.words import spaced_words
from mm_orch.retrieval.passages import size

# By the mean reciprocal rank on the dev half of the question sets: 2.0 is worse for _K1, 0.9 for _B, 1.0 for _HEAD.
_K1, _B = 1.2, 0.6
_HEAD = 2.0  # a word in a heading or a title counts as so many in the text


class Index:
    """Some passages, made ready to be ranked against any number of queries.

    ``heads`` are the words above each passage (title, headings). Spaced words are counted as words, Chinese ones
    wherever they stand.
    """

    def __init__(self, texts: Sequence[str], heads: Sequence[str]) -> None:
        self._texts = [fold(text) for text in texts]
        self._heads = [fold(head) for head in heads]
        self._words = [Counter(spaced_words(text)) for text in self._texts]
        self._head_words = [Counter(spaced_words(head)) for head in self._heads]
        self._lengths = list(map(size, self._texts))
        self._mean = sum(self._lengths) / max(1, len(self._lengths)) or 1.0

    def __len__(self) -> int:
        return len(self._texts)

    def vocabulary(self) -> frozenset[str]:
        """The spaced words of all passages."""
        return frozenset().union(*self._words, *self._head_words)

    def frequencies(self, word: str) -> dict[int, float]:
        """How often each passage has ``word``, by its number, where it has it; in a head it counts more."""
        if not has_cjk(word) and " " not in word:
            counts = (
                own[word] + _HEAD * head[word] for own, head in zip(self._words, self._head_words, strict=True)
            )
        else:
            both = zip(self._texts, self._heads, strict=True)
            counts = (text.count(word) + _HEAD * head.count(word) for text, head in both)
        return {at: count for at, count in enumerate(counts) if count}

    def scores(self, concepts: Iterable[Mapping[str, float]]) -> list[float]:
        """BM25 of each passage; of what a concept may be called, with weights in 0..1, the best counts."""
        totals = [0.0] * len(self._texts)
        for variants in concepts:
            for at, score in self.score(variants).items():
                totals[at] += score
        return totals

    def score(self, variants: Mapping[str, float]) -> dict[int, float]:
        """What one concept adds to the score of each passage that has it, by the passage's number."""
        best: dict[int, float] = {}
        for variant, weight in variants.items():
            counts = self.frequencies(variant)
            rarity = weight * self.rarity(len(counts))
            for at, count in counts.items():
                norm = _K1 * (1 - _B + _B * self._lengths[at] / self._mean)
                best[at] = max(best.get(at, 0.0), rarity * count * (_K1 + 1) / (count + norm))
        return best

    def rarity(self, having: int) -> float:
        """Inverse document frequency of what ``having`` passages have."""
        return math.log(1 + (len(self._texts) - having + 0.5) / (having + 0.5))
