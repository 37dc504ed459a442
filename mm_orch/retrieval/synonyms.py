"""Other words for one thing, in English and Chinese; the list is data (``data/synonyms.txt``)."""

from __future__ import annotations

import functools
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "synonyms.txt"


def synonyms(word: str) -> tuple[str, ...]:
    """Words for the same thing as ``word`` (folded, lower case), itself left out; none for most words."""
    return _others().get(word, ())


@functools.cache
def known_words() -> frozenset[str]:
    """Every word of the list; what has several parts has spaces between."""
    return frozenset(_others())


@functools.cache
def _others() -> dict[str, tuple[str, ...]]:
    others: dict[str, dict[str, None]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        group = [] if line.startswith("#") else [word.replace("_", " ") for word in line.split()]
        for word in group:
            others.setdefault(word, {}).update(dict.fromkeys(each for each in group if each != word))
    return {word: tuple(found) for word, found in others.items()}
