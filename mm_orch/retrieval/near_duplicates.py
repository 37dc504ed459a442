"""Texts that are nearly the same: they share most of their shingles (runs of words)."""

from __future__ import annotations

from mm_orch.language.folding import fold
from mm_orch.language.words import smallest_words

_SHINGLE = 4  # words
_SAME = 0.7  # share of the shorter text's shingles


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of some words of ``text``, a Chinese character being one; what is shorter is one run."""
    words = smallest_words(fold(text))
    if len(words) <= _SHINGLE:
        return frozenset([tuple(words)])
    return frozenset(zip(*(words[at:] for at in range(_SHINGLE)), strict=False))


def near_duplicate(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    """Whether most of the shorter of two texts, as ``shingles``, is in the other."""
    return len(one & other) >= _SAME * min(len(one), len(other))
