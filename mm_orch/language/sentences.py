"""Text cut into sentences."""

from __future__ import annotations

import re

_ABBREVIATION = re.compile(
    r"mrs?|ms|dr|prof|sr|jr|st|no|vs|fig|eq|vol|inc|ltd|co|e\.g|i\.e|etc|al|approx|dept|est"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|[a-z](?:\.[a-z])*",
    re.I,
)
_CLOSERS = re.escape("\"'”’」』）)]】》")
_END = re.compile(rf"[。！？｡!?…][。！？｡!?…\.{_CLOSERS}]*\s*|\.[\.{_CLOSERS}]*(?:\s+|\Z)|;\s*\n\s*|\n\s*")
_LAST_WORD = re.compile(r"([^\W\d_](?:[\w.]*\w)?)\Z")


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


def _ends_sentence(text: str, start: int, end: re.Match[str]) -> bool:
    """Whether the full stop at ``end`` closes a sentence and is not part of an abbreviation or an initial."""
    if "\n" in end.group() or end.end() == len(text):
        return True
    before = _LAST_WORD.search(text, max(start, end.start() - 20), end.start())
    if before is None:
        return True
    return not _ABBREVIATION.fullmatch(before.group(1))
