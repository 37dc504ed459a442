"""A Markdown text as its blocks: paragraphs, lists, tables, code, each with the headings above it."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

Kind = Literal["text", "list", "table", "code"]

_KINDS: dict[str, Kind] = {
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "fence": "code",
}
# Marks of list items that Markdown does not know: • one, 1、one, （1）one.
_MARK = re.compile(r"^([ \t]{0,12})(?:[•·][ \t]|\d{1,3}[、．]|[(（]\d{1,3}[)）])", re.MULTILINE)
_LONGEST_HEADING = 300  # characters: a longer line is no heading, whatever it begins with


@dataclass(frozen=True, slots=True)
class Block:
    """``text[start:end]``; ``headings`` stand above it, outermost first, their lines from ``headed`` on.

    ``parts`` are the places where its parts begin: the items of a list, also those within items, or the lines of a
    table or of code.
    """

    kind: Kind
    start: int
    end: int
    headings: tuple[str, ...]
    headed: int
    parts: tuple[int, ...] = ()


def blocks(text: str) -> list[Block]:
    """The blocks of ``text`` in order: with the lines of headings they hold all that is not blank.

    A heading with nothing under it is a block itself. Quotations, HTML and indented code are text here, and so is
    what follows a fence that is never closed. Linear in the length of ``text``.
    """
    lines = list(io.StringIO(text, newline=""))
    parts = _read([_MARK.sub(r"\1- ", line) for line in lines])
    return list(_under_headings(parts, [0, *accumulate(map(len, lines))]))


@dataclass(slots=True)
class _Lines:
    """The lines ``start`` to ``end`` of a block, by number, and those with which its parts begin.

    A heading has a ``level``, from 1, and its ``title``.
    """

    kind: Kind
    start: int
    end: int
    parts: list[int]
    level: int = 0
    title: str = ""


def _read(lines: Sequence[str], first: int = 0, *, fences: bool = True) -> list[_Lines]:
    found: list[_Lines] = []
    tokens = _parser(fences).parse("".join(lines[first:]))
    for at, token in enumerate(tokens):
        if not token.map:
            continue
        start, end = first + token.map[0], first + token.map[1]
        if token.type == "list_item_open":
            found[-1].parts.append(start)
        if token.level:
            continue
        if token.type == "fence" and not _is_closed(token.markup, lines[start + 1 : end]):
            return found + _read(lines, start, fences=False)
        kind = _KINDS.get(token.type, "text")
        found.append(_Lines(kind, start, end, list(range(start, end)) if kind in ("table", "code") else []))
        if token.type == "heading_open" and len(lines[start]) <= _LONGEST_HEADING and tokens[at + 1].content:
            found[-1].level, found[-1].title = int(token.tag[1:]), tokens[at + 1].content
    return found


def _is_closed(fence: str, after: Sequence[str]) -> bool:
    last = after[-1].strip() if after else ""
    return last.startswith(fence) and not last.strip(fence[0])


@functools.cache
def _parser(fences: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero").enable(["code", "heading", "list", "table", *(["fence"] if fences else [])])
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _under_headings(found: Iterable[_Lines], places: Sequence[int]) -> Iterator[Block]:
    levels: list[tuple[int, str]] = []
    headed: int | None = None  # where the heading lines above the next block begin
    for each in (*found, _Lines("text", len(places) - 1, len(places) - 1, [], level=1)):
        start = places[each.start]
        if headed is not None and 0 < each.level <= levels[-1][0]:  # nothing stands under the heading before it
            yield Block("text", headed, start, tuple(title for _, title in levels[:-1]), headed)
            headed = None
        if each.level:
            levels = [above for above in levels if above[0] < each.level] + [(each.level, each.title)]
            headed = start if headed is None else headed
            continue
        titles, parts = tuple(title for _, title in levels), tuple(places[part] for part in each.parts)
        yield Block(each.kind, start, places[each.end], titles, start if headed is None else headed, parts)
        headed = None
