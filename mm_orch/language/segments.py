"""Text cut into sentences and into words: the units that ranking, routing and summaries count in."""

from __future__ import annotations

import re
import unicodedata

from mm_orch.language.script import HAN, KANA

_ABBREVIATION = re.compile(
    r"mrs?|ms|dr|prof|sr|jr|st|no|vs|fig|eq|vol|inc|ltd|co|e\.g|i\.e|etc|al|approx|dept|est"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|[a-z](?:\.[a-z])*",
    re.I,
)
_CLOSERS = re.escape("\"'”’」』）)]】》")
_END = re.compile(rf"[。！？｡!?…][。！？｡!?…\.{_CLOSERS}]*\s*|\.[\.{_CLOSERS}]*(?:\s+|\Z)|;\s*\n\s*|\n\s*")
_LAST_WORD = re.compile(r"([^\W\d_](?:[\w.]*\w)?)\Z")
_NUMBER = r"\d+(?:\.\d+)+"
_SPACED = rf"[^\W_{HAN}{KANA}]"
_WORD = re.compile(rf"[{HAN}{KANA}]+|{_NUMBER}|{_SPACED}+(?:'{_SPACED}+)*(?:\+\+|\#(?!\w))?")
_ASCII_WORD = re.compile(rf"{_NUMBER}|[^\W_]+(?:'[^\W_]+)*(?:\+\+|\#(?!\w))?", re.ASCII)
_CJK = re.compile(f"[{HAN}{KANA}]")
_BEFORE_CJK = "\u3005"  # no Chinese or Japanese character comes before it


def sentences(text: str) -> list[str]:
    """``text`` cut after each sentence and line; every piece keeps its spaces: joined they are ``text``."""
    pieces: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if end.group()[0] == "." and not _ends_sentence(text, start, end):
            continue
        if text[start : end.end()].strip():
            pieces.append(text[start : end.end()])
            start = end.end()
    if start < len(text):
        pieces.append(text[start:])
    return pieces


def words(text: str) -> list[str]:
    """The words of ``text`` in order, for counting and comparing: none is empty.

    Latin and other spaced words come lower-cased and without ``'s``; a run of Chinese or Japanese characters as its
    overlapping pairs, a single one as itself. Width and compatibility forms are folded (``ＧＧＵＦ`` is ``gguf``).
    """
    if text.isascii():  # the same, three times as fast
        spaced = _ASCII_WORD.findall(text.lower())
        return [word.removesuffix("'s") for word in spaced] if "'" in text else spaced
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("’", "'")):
        if word < _BEFORE_CJK or not _CJK.match(word):
            found.append(word.removesuffix("'s"))
        elif len(word) == 1:
            found.append(word)
        else:
            found.extend(word[i : i + 2] for i in range(len(word) - 1))
    return found


def _ends_sentence(text: str, start: int, end: re.Match[str]) -> bool:
    """Whether the full stop at ``end`` closes a sentence and is not part of an abbreviation or an initial."""
    if "\n" in end.group() or end.end() == len(text):
        return True
    before = _LAST_WORD.search(text, max(start, end.start() - 20), end.start())
    if before is None:
        return True
    return not _ABBREVIATION.fullmatch(before.group(1))
