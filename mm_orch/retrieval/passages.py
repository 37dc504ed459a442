"""A document cut into passages: small enough to be ranked, read and cited, and whole enough to be understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from mm_orch.language.markdown import Block, blocks
from mm_orch.language.script import CJK
from mm_orch.language.sentences import sentences

_LONG_WORD = 12  # characters: what is longer counts as several, so that no passage is long without words
_WORD = re.compile(rf"[{CJK}]|[^\W_{CJK}]{{1,{_LONG_WORD}}}")
_HAN = re.compile(rf"[{CJK}]")
_BREAK = re.compile(r"\s+|[,，、;；:：]")
_WHOLE = 2  # tables and code may be so many times as long before they are cut
_SHORT = 3  # a passage of less than one part in so many is joined to its neighbour
_PATH = " > "


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a page: ``text`` is ``page_text[start:start + len(text)]``, ``heading`` what stands above it.

    The headings are joined by `` > ``, outermost first. The one exception to the first rule: rows of a table that
    was cut have the table's first two lines (its head) put before them, and ``start`` is where the rows begin.
    """

    heading: str
    text: str
    start: int


def split(text: str, *, words: int = 120) -> list[Piece]:
    """``text`` (Markdown) as passages of about ``words`` words, two Chinese characters counting as one.

    Cut at headings, between blocks, list items, table rows, lines of code and sentences, in this order; short
    neighbours are joined, also over a heading, which then stands in the text. Together the passages and their
    headings hold all of ``text`` that is not blank. Linear in the length of ``text``.
    """
    spans: list[_Span] = []
    for _, section in groupby(blocks(text), key=lambda block: block.headings):
        spans += _packed(text, [atom for block in section for atom in _atoms(text, block, words)], words)
    return [piece for span in _joined(spans, words) if (piece := _piece(text, span)).text]


def size(text: str) -> float:
    """How long a text is, in words; a Chinese or Japanese character is half a word, and signs count too."""
    return max(len(_WORD.findall(text)) - len(_HAN.findall(text)) / 2, len(text) / _LONG_WORD)


@dataclass(frozen=True, slots=True)
class _Span:
    """A part of the text; ``head`` is a table's that it lacks, ``leads`` whether it only announces what follows."""

    start: int
    end: int
    size: float
    headings: tuple[str, ...]
    headed: int
    head: str = ""
    leads: bool = False


def _piece(text: str, span: _Span) -> Piece:
    body = text[span.start : span.end]
    start = span.start if span.head else span.start + len(body) - len(body.lstrip("\r\n"))
    return Piece(_PATH.join(span.headings), span.head + text[start : span.end].rstrip(), start)


def _atoms(text: str, block: Block, words: int) -> Iterator[_Span]:
    """The parts of a block that are not cut; the block itself when it is short enough."""
    length = size(text[block.start : block.end])
    whole = _Span(block.start, block.end, length, block.headings, block.headed)
    if length <= words * (_WHOLE if block.kind in ("table", "code") else 1):
        yield replace(whole, leads=text[block.start : block.end].rstrip().endswith((":", "：")))
        return
    rows = block.parts if block.kind == "table" else ()
    head = text[block.start : rows[2]] if len(rows) > 2 else ""
    if size(head) * 2 > words:
        head = ""
    for start, end in _cuts(text, block, words):
        lacks = head if head and start >= rows[2] else ""
        headed = block.headed if start == block.start else start
        yield _Span(start, end, size(text[start:end]), block.headings, headed, lacks)


def _cuts(text: str, block: Block, words: int) -> Iterator[tuple[int, int]]:
    if block.kind == "text":
        yield from _sentences(text, block.start, block.end, words)
        return
    for start, end in pairwise([*block.parts, block.end]):
        if size(text[start:end]) <= words:
            yield start, end
        else:
            yield from _sentences(text, start, end, words)


def _sentences(text: str, start: int, end: int, words: int) -> Iterator[tuple[int, int]]:
    for sentence in sentences(text[start:end]):
        after = start + len(sentence)
        if size(sentence) <= words:
            yield start, after
        else:
            yield from _fragments(text, start, after, words)
        start = after


def _fragments(text: str, start: int, end: int, words: int) -> Iterator[tuple[int, int]]:
    """A sentence that is too long, cut between words or, where it has no such place, anywhere."""
    most = words * 2  # characters: for Chinese just ``words``; for others parts that are packed again
    while end - start > most:
        breaks = list(_BREAK.finditer(text, start + most // 2, start + most))
        cut = breaks[-1].end() if breaks else start + most
        yield start, cut
        start = cut
    yield start, end


def _packed(text: str, atoms: Sequence[_Span], words: int) -> list[_Span]:
    """Neighbours of one section put together up to ``words``; a line that leads to what follows goes with that."""
    packed: list[list[_Span]] = []
    total = 0.0
    for atom in atoms:
        if packed and total + atom.size <= words:
            packed[-1].append(atom)
            total += atom.size
            continue
        carried = [packed[-1].pop()] if packed and len(packed[-1]) > 1 and packed[-1][-1].leads else []
        packed.append([*carried, atom])
        total = sum(each.size for each in packed[-1])
    return [_over(group) for group in packed]


def _over(group: Sequence[_Span]) -> _Span:
    first = group[0]
    return replace(first, end=group[-1].end, size=sum(each.size for each in group), leads=False)


def _joined(spans: Sequence[_Span], words: int) -> list[_Span]:
    """Short neighbours made one, under the headings that they share."""
    joined: list[_Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and not span.head and _belong(last, span, words):
            common = _common(last.headings, span.headings)
            start = last.start if common == last.headings or last.head else last.headed
            total = last.size + span.size
            joined[-1] = replace(last, start=start, end=span.end, size=total, headings=common)
        else:
            joined.append(span)
    return joined


def _belong(one: _Span, other: _Span, words: int) -> bool:
    shortest, total = min(one.size, other.size), one.size + other.size
    return shortest < words / _SHORT and total <= words * (1.25 if shortest < words / 6 else 1)


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    return one[:same]
