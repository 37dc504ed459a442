"""One tokeniser: spaced words, and Chinese or Japanese characters as overlapping pairs."""

from __future__ import annotations

import re

from mm_orch.language.folding import fold
from mm_orch.language.script import CJK, has_cjk

_LETTER = rf"[^\W_{CJK}]"
_SPACED = rf"\d+(?:\.\d+)+|{_LETTER}+(?:'{_LETTER}+)*(?:\+\+|\#(?!\w))?"
_SPACED_WORD = re.compile(_SPACED)
_TOKEN = re.compile(rf"[{CJK}]+|{_SPACED}")
_SMALLEST = re.compile(rf"[{CJK}]|{_LETTER}+")


def words(text: str) -> list[str]:
    """The words of ``text`` in order, folded, for counting and comparing: none is empty.

    Spaced words come without ``'s``; a run of Chinese or Japanese characters as its overlapping pairs, a single one
    as itself.
    """
    if text.isascii():
        return spaced_words(fold(text))
    found: list[str] = []
    for token in _TOKEN.findall(fold(text)):
        if has_cjk(token[0]):
            found += pairs(token)
        else:
            found.append(token.removesuffix("'s"))
    return found


def spaced_words(folded: str) -> list[str]:
    """The words of a folded text that are neither Chinese nor Japanese, in order, without ``'s``."""
    found = _SPACED_WORD.findall(folded)
    return [word.removesuffix("'s") for word in found] if "'" in folded else found


def pairs(run: str) -> list[str]:
    """A run of characters as its overlapping pairs (bigrams); a single one as itself."""
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def smallest_words(folded: str) -> list[str]:
    """The words of a folded text, each Chinese or Japanese character being one."""
    return _SMALLEST.findall(folded)
