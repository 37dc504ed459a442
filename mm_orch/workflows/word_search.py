"""Words of a workflow file found in what a person wrote: whole words where a script has spaces, any case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

Words = Mapping[Literal["en", "zh"], Sequence[str]]
"""Lists of words by language (``"en"``, ``"zh"``); those of all languages are looked for, blank ones never."""


def all_of(words: Words) -> tuple[str, ...]:
    """The words of all languages, in order."""
    return tuple(word for listed in words.values() for word in listed if word.strip())


def find(words: Words, text: str) -> re.Match[str] | None:
    """The first place where one of ``words`` stands; of those that begin there, the longest."""
    return _pattern(all_of(words)).search(text)


def at_start(words: Words, text: str) -> int:
    """How many characters of ``text`` are one of ``words`` (the longest), with blanks after it; 0 for none."""
    match = _pattern(all_of(words), after=r"\s*").match(text)
    return match.end() if match else 0


def at_end(words: Words, text: str) -> int:
    """As ``at_start``, counted from the end."""
    match = _pattern(all_of(words), r"(?<!\s)\s*", r"\Z").search(text)
    return len(text) - match.start() if match else 0


def expression(words: Iterable[str]) -> str:
    """A regular expression for any of ``words``, longest first; for none of them one that finds nothing."""
    return "|".join(map(_expression, sorted(words, key=len, reverse=True))) or "(?!)"


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...], before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{expression(words)}){after}", re.IGNORECASE)


def _expression(word: str) -> str:
    body = r"[\s-]+".join(re.escape(piece) for piece in word.split())
    before = r"(?<![A-Za-z0-9-])" if word[0].isascii() else ""
    after = r"(?![A-Za-z0-9-])" if word[-1].isascii() else ""
    return f"{before}{body}{after}"
