"""The words of a passage: as a sentence on one line, cut to a length, or to compare word for word."""

from __future__ import annotations

import re

from mm_orch.language.sentences import sentences

LONGEST_QUOTE = 300
"""Characters of a statement that are quoted beside a source: two or three lines on a terminal."""

_EXCERPT = 900  # characters of a passage that are quoted: what a screen shows of three of them
_SAME = 60  # characters by which a sentence is known
_FENCE = re.compile(r"^[ \t]*(```|~~~)", re.M)
_LEADING = re.compile(r"^(?:[-*•>]|#{1,6}|\d{1,3}[.)、])\s+")
_MARKS = str.maketrans("“”„«»「」『』‘’`", '"""""""""\'\'\'')


def line(statement: str) -> str:
    """A statement of a page on one line: without the mark of a list, with dashes between the cells of a row."""
    text = " ".join(_LEADING.sub("", statement.strip()).split())
    return " – ".join(cell.strip() for cell in text.strip("|").split("|")) if text.startswith("|") else text


def verbatim(statement: str) -> str:
    """What two texts share that are the same word for word: spaces, quotation marks and the last stop aside."""
    return "".join(line(statement).translate(_MARKS).split()).rstrip(".。")


def shortened(text: str) -> str:
    """``text`` itself, or its beginning up to the last word within 300 characters."""
    if len(text) <= LONGEST_QUOTE:
        return text
    head = text[:LONGEST_QUOTE]
    cut = head.rfind(" ")
    return head[:cut] if cut > LONGEST_QUOTE // 2 else head


def excerpt(text: str, around: str) -> str:
    """``text``, or as many of its sentences around the one that begins as ``around`` does as are not too long.

    Code that is cut stands between fences all the same.
    """
    pieces = sentences(text)
    first = next((at for at, piece in enumerate(pieces) if piece.strip()[:_SAME] == around[:_SAME]), 0)
    last, size = first + 1, len(pieces[first]) if pieces else 0
    while size < _EXCERPT and (first or last < len(pieces)):
        before = len(pieces[first - 1]) if first else _EXCERPT
        after = len(pieces[last]) if last < len(pieces) else _EXCERPT
        size += min(before, after)
        if size > _EXCERPT:
            break
        first, last = (first - 1, last) if before < after else (first, last + 1)
    return _fenced("".join(pieces[:first]), "".join(pieces[first:last]))


def _fenced(before: str, text: str) -> str:
    above = _FENCE.findall(before)
    fences = above + _FENCE.findall(text)
    head = f"{above[-1]}\n" if len(above) % 2 else ""
    return f"{head}{text.rstrip()}\n{fences[-1]}" if len(fences) % 2 else head + text
