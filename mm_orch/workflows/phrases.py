"""Words of a workflow file found in what a person wrote: whole words where a script has spaces, any case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

Phrases = Mapping[Any, Sequence[str]]
"""Lists of words by language (``"en"``, ``"zh"``)."""


def all_of(phrases: Phrases) -> tuple[str, ...]:
    """The words of all languages, in order."""
    return tuple(phrase for listed in phrases.values() for phrase in listed)


def find(phrases: Iterable[str], text: str) -> re.Match[str] | None:
    """The first place where one of ``phrases`` stands; of those that begin there, the longest."""
    return _pattern(tuple(phrases), "").search(text) if phrases else None


def at_start(phrases: Iterable[str], text: str) -> int:
    """How many characters of ``text`` are one of ``phrases`` (the longest), with blanks after it; 0 for none."""
    match = _pattern(tuple(phrases), r"\s*").match(text) if phrases else None
    return match.end() if match else 0


def at_end(phrases: Iterable[str], text: str) -> int:
    """As ``at_start``, counted from the end."""
    for phrase in sorted(phrases, key=len, reverse=True):
        match = re.search(rf"\s*{_expression(phrase)}\Z", text, re.IGNORECASE)
        if match:
            return len(text) - match.start()
    return 0


def expression(phrases: Iterable[str]) -> str:
    """A regular expression for any of ``phrases``, longest first."""
    return "|".join(_expression(phrase) for phrase in sorted(phrases, key=len, reverse=True))


@lru_cache(maxsize=256)
def _pattern(phrases: tuple[str, ...], after: str) -> re.Pattern[str]:
    return re.compile(f"(?:{expression(phrases)}){after}", re.IGNORECASE)


def _expression(phrase: str) -> str:
    body = r"[\s-]+".join(re.escape(word) for word in phrase.split())
    before = r"(?<![A-Za-z0-9-])" if phrase[0].isascii() else ""
    after = r"(?![A-Za-z0-9-])" if phrase[-1].isascii() else ""
    return f"{before}{body}{after}"
