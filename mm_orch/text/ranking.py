"""Passages ranked against a question: BM25 over words and Chinese pairs, fusion of rankings, near-duplicates."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mm_orch.text.passages import size
from mm_orch.text.query_words import folded
from mm_orch.text.script import CJK

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

    def frequencies(self, variants: Mapping[str, float]) -> list[float]:
        """How often each passage has any of ``variants``, by their weights; heads count more."""
        totals = [0.0] * len(self._texts)
        for variant, weight in variants.items():
            spaced = _CJK.search(variant) is None and " " not in variant
            for at in range(len(totals)):
                if spaced:
                    count = self._words[at][variant] + _HEAD * self._head_words[at][variant]
                else:
                    count = self._texts[at].count(variant) + _HEAD * self._heads[at].count(variant)
                if count:
                    totals[at] += weight * count
        return totals

    def scores(self, concepts: Iterable[Mapping[str, float]]) -> list[float]:
        """BM25 of each passage; a concept is what it may be called, with weights in 0..1."""
        totals = [0.0] * len(self._texts)
        for variants in concepts:
            counts = self.frequencies(variants)
            rarity = self.rarity(counts)
            for at, count in enumerate(counts):
                if count:
                    norm = _K1 * (1 - _B + _B * self._lengths[at] / self._mean)
                    totals[at] += rarity * count * (_K1 + 1) / (count + norm)
        return totals

    def rarity(self, counts: Sequence[float]) -> float:
        """Inverse document frequency of what occurs ``counts`` times in each passage."""
        having = sum(1 for count in counts if count)
        return math.log(1 + (len(counts) - having + 0.5) / (having + 0.5))


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
