"""A table of data as rows ``| a | b |``, cells that reach over several rows or columns put where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mm_orch.documents.walk import BLOCKS, number, walk

_NOT_OF_DATA = ("table", "pre", "h1", "h2", "h3", "h4", "form")
_CELLS = ("td", "th")
_LONGEST_CELL = 1000  # characters; beyond, a table is a page's layout
_MOST_SPANNED = 50  # rows or columns
_SPACES = re.compile(r"\s+")

_Reaching = dict[int, tuple[int, str]]  # by column: for how many more rows, and the text


def is_table_of_data(element: Any) -> bool:
    """Whether it is a table that has rows of several short cells, and no layout of a page."""
    if element.tag != "table" or element.get("role") in ("presentation", "none"):
        return False
    if any(inner is not element for inner in element.iter(*_NOT_OF_DATA)):
        return False
    several = False
    for row in element.iter("tr"):
        cells = [cell for cell in row if cell.tag in _CELLS]
        several = several or len(cells) > 1
        if any(sum(map(len, cell.itertext())) > _LONGEST_CELL for cell in cells):
            return False
    return several


def rows(table: Any) -> Iterator[tuple[str, float]]:
    """The rows that say something, and the share of each inside links; after a first row of header cells comes the
    line of dashes.
    """
    reaching: _Reaching = {}
    first = True
    for row in table.iter("tr"):
        cells, linked = _row(row, reaching)
        length = sum(map(len, cells))
        if not any(character.isalnum() for cell in cells for character in cell):
            continue
        yield "| " + " | ".join(cells) + " |", min(1.0, linked / length)
        if first and all(cell.tag == "th" for cell in row if cell.tag in _CELLS):
            yield "|" + " --- |" * len(cells), 0.0
        first = False


def inline(element: Any) -> tuple[str, int]:
    """What an element shows, on one line, and how many characters of it are inside links."""
    parts: list[str] = []
    links = linked = 0
    for event, inner, text in walk(element):
        if event == "text":
            parts.append(text)
            linked += len(text.strip()) if links else 0
        elif inner.tag == "br" or inner.tag in BLOCKS:
            parts.append(" ")
        if inner.tag == "a" and event != "text":
            links += 1 if event == "start" else -1
    return _SPACES.sub(" ", "".join(parts)).strip(), linked


def _row(row: Any, reaching: _Reaching) -> tuple[list[str], int]:
    cells: list[str] = []
    linked = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        _fill(cells, reaching)
        text, inside_links = inline(cell)
        linked += inside_links
        text = text.replace("|", "\\|")
        below = _span(cell, "rowspan") - 1
        if below:
            reaching[len(cells)] = (below, text)
        cells += [text, *[""] * (_span(cell, "colspan") - 1)]
    _fill(cells, reaching)
    return cells, linked


def _fill(cells: list[str], reaching: _Reaching) -> None:
    """Put in what reaches down from the rows above."""
    while (from_above := reaching.pop(len(cells), None)) is not None:
        below, text = from_above
        if below > 1:
            reaching[len(cells)] = (below - 1, text)
        cells.append(text)


def _span(cell: Any, name: str) -> int:
    return min(_MOST_SPANNED, max(1, number(cell.get(name), 1)))
