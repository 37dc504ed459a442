"""A Markdown text as its blocks: paragraphs, lists, tables, code, each with the headings above it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "list", "table", "code"]

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(?=\S)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"\s{0,12}(?:[-*+•·]\s|\d{1,4}[.)]\s|\d{1,3}[、．]|[(（]\d{1,3}[)）])")
_LONGEST_HEADING = 300  # characters: a longer line is no heading, whatever it begins with


@dataclass(frozen=True, slots=True)
class Block:
    """``text[start:end]``; ``headings`` stand above it, outermost first, their lines from ``headed`` on."""

    kind: Kind
    start: int
    end: int
    headings: tuple[str, ...]
    headed: int


def blocks(text: str) -> list[Block]:
    """The blocks of ``text`` in order: with the lines of headings they hold all that is not blank.

    A heading with nothing under it is a block itself. Linear in the length of ``text``.
    """
    return list(_Reader(text).read())


def item_starts(text: str, block: Block) -> list[int]:
    """Where the items of a list begin, as places in ``text``; the first is the block's own start."""
    return [at for at, line in _lines(text, block.start, block.end) if at == block.start or _ITEM.match(line)]


def line_starts(text: str, block: Block) -> list[int]:
    """Where the lines of a block begin, as places in ``text``."""
    return [at for at, _ in _lines(text, block.start, block.end)]


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for line in text[start:end].splitlines(keepends=True):
        yield start, line
        start += len(line)


class _Reader:
    def __init__(self, text: str) -> None:
        self._lines = list(_lines(text, 0, len(text)))
        self._length = len(text)
        self._at = 0
        self._levels: list[tuple[int, str]] = []
        self._headed: int | None = None  # where the heading lines above the next block begin
        self._unclosed: dict[str, int] = {}  # by sign: fences of so many signs or more are never closed

    def read(self) -> Iterator[Block]:
        while self._at < len(self._lines):
            line = self._line()
            level = heading_level(line)
            if not line.strip():
                self._at += 1
            elif level:
                yield from self._heading(level, line)
            else:
                yield self._block(*self._extent(line))
        yield from self._bare_heading(0)

    def _line(self, at: int | None = None) -> str:
        return self._lines[self._at if at is None else at][1]

    def _start(self, at: int) -> int:
        return self._lines[at][0] if at < len(self._lines) else self._length

    def _heading(self, level: int, line: str) -> Iterator[Block]:
        yield from self._bare_heading(level)
        self._levels = [each for each in self._levels if each[0] < level] + [(level, heading_text(line))]
        if self._headed is None:
            self._headed = self._start(self._at)
        self._at += 1

    def _bare_heading(self, level: int) -> Iterator[Block]:
        """The headings above, as a block, when the next one of ``level`` leaves the last without any text."""
        if self._headed is not None and level <= self._levels[-1][0]:
            headed, above = self._headed, tuple(name for _, name in self._levels[:-1])
            self._headed = None
            yield Block("text", headed, self._start(self._at), above, headed)

    def _block(self, kind: Kind, after: int) -> Block:
        start = self._start(self._at)
        headed = start if self._headed is None else self._headed
        self._at, self._headed = after, None
        return Block(kind, start, self._start(after), tuple(name for _, name in self._levels), headed)

    def _extent(self, line: str) -> tuple[Kind, int]:
        """What begins at this line, and the number of the line after it."""
        fence = _FENCE.match(line)
        closing = self._closing(fence[1]) if fence else None
        if closing is not None:
            return "code", closing + 1
        if line.lstrip().startswith("|"):
            return "table", self._while(lambda each: each.lstrip().startswith("|"))
        if _ITEM.match(line):
            return "list", self._list_end()
        return "text", self._while(lambda each: not _begins_block(each))

    def _while(self, holds: Callable[[str], bool]) -> int:
        at = self._at + 1
        while at < len(self._lines) and holds(self._line(at)):
            at += 1
        return at

    def _closing(self, marks: str) -> int | None:
        if len(marks) >= self._unclosed.get(marks[0], len(marks) + 1):
            return None
        for at in range(self._at + 1, len(self._lines)):
            line = self._line(at).strip()
            if line.startswith(marks) and not line.strip(marks[0]):
                return at
        self._unclosed[marks[0]] = len(marks)
        return None

    def _list_end(self) -> int:
        """A list goes on over blank lines when an item, or something indented, follows."""
        at = end = self._at + 1
        while at < len(self._lines):
            line = self._line(at)
            if line.strip():
                if (
                    heading_level(line)
                    or line.startswith("|")
                    or (at > end and not (_ITEM.match(line) or line.startswith(("  ", "\t"))))
                ):
                    break
                end = at + 1
            at += 1
        return end


def heading_level(line: str) -> int:
    """1 to 6 for a line that is a heading, else 0."""
    found = _HEADING.match(line)
    return len(found[1]) if found and len(line) <= _LONGEST_HEADING else 0


def heading_text(line: str) -> str:
    """The words of a heading's line."""
    words = line.strip().lstrip("#").strip()
    bare = words.rstrip("#")
    return bare.rstrip() if bare.endswith((" ", "\t")) else words


def _begins_block(line: str) -> bool:
    return (
        not line.strip()
        or heading_level(line) > 0
        or line.lstrip().startswith("|")
        or _FENCE.match(line) is not None
        or _ITEM.match(line) is not None
    )
