"""Passages ranked against a question: BM25 over words and Chinese pairs, fusion of rankings, near-duplicates."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mm_orch.language.script import CJK
from mm_orch.retrieval.passages import size
from mm_orch.retrieval.query_words import folded

_K1, _B = 1.2, 0.6
_HEAD = 2.0  # a word in a heading or a title counts as so many in the text
_FUSION = 20  # ranks are added as 1 / (_FUSION + rank)
_LATIN = re.compile(rf"\d+(?:\.\d+)+|[^\W_{CJK}]+(?:'[^\W_{CJK}]+)*(?:\+\+|\#(?!\w))?")
_CJK = re.compile(rf"[{CJK}]")
_SHINGLE = 4  # words
_SAME = 0.7


class Index:
    """Some passages, made ready to be ranked against any number of queries.

    ``heads`` are the words above each passage (title, headings). Spaced words are counted as words, Chinese ones
    wherever they stand.
    """

    def __init__(self, texts: Sequence[str], heads: Sequence[str]) -> None:
        self._texts = [folded(text) for text in texts]
        self._heads = [folded(head) for head in heads]
        self._words = [Counter(_latin(text)) for text in self._texts]
        self._head_words = [Counter(_latin(head)) for head in self._heads]
        self._lengths = list(map(size, self._texts))
        self._mean = sum(self._lengths) / max(1, len(self._lengths)) or 1.0

    def __len__(self) -> int:
        return len(self._texts)

    def vocabulary(self) -> frozenset[str]:
        """The spaced words of all passages."""
        return frozenset().union(*self._words, *self._head_words)

    def frequencies(self, word: str) -> dict[int, float]:
        """How often each passage has ``word``, by its number, where it has it; in a head it counts more."""
        if _CJK.search(word) is None and " " not in word:
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


def ranking(scores: Sequence[float]) -> list[int]:
    """Numbers of the passages that have a score, best first; of equals the earlier."""
    return sorted((at for at, score in enumerate(scores) if score > 0), key=lambda at: (-scores[at], at))


def fuse(rankings: Sequence[Sequence[int]], weights: Sequence[float] = ()) -> list[int]:
    """One ranking of several by reciprocal ranks; what is high in many of them comes first."""
    totals: dict[int, float] = {}
    for at, ranked in enumerate(rankings):
        weight = weights[at] if weights else 1.0
        for rank, number in enumerate(ranked, 1):
            totals[number] = totals.get(number, 0.0) + weight / (_FUSION + rank)
    return sorted(totals, key=lambda number: (-totals[number], number))


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of some words of ``text``, a Chinese character being one; what is shorter is one run."""
    words = re.findall(rf"[{CJK}]|[^\W_{CJK}]+", folded(text))
    if len(words) <= _SHINGLE:
        return frozenset([tuple(words)])
    return frozenset(zip(*(words[at:] for at in range(_SHINGLE)), strict=False))


def near_duplicate(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    """Whether most of the shorter of two texts, as ``shingles``, is in the other."""
    return len(one & other) >= _SAME * min(len(one), len(other))


def _latin(text: str) -> list[str]:
    return [word.removesuffix("'s") for word in _LATIN.findall(text)]
