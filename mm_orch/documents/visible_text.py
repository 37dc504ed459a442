"""What a browser would show of an HTML tree: headings, paragraphs, list items, table rows and code, in order."""

from __future__ import annotations

import re
from typing import Any

from mm_orch.documents.block import Block, Kind
from mm_orch.documents.tables import inline, is_table_of_data, rows
from mm_orch.documents.walk import BLOCKS, number, walk

_AROUND = frozenset(("nav", "footer", "aside", "menu"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol", "menu", "dl"))
_ITEMS = frozenset(("li", "dt"))
_NOTE = re.compile(r"(?i)note|warn|tip|hint|admonition|callout|caution|danger|important|info(?!box)")
_SPACES = re.compile(r"\s+")
_LANGUAGE = re.compile(r"\b(?:language|lang|highlight-source|highlight)-([\w+#-]{1,20})")
_LINE_NUMBERS = re.compile(r"[\d\s]+")
_MOST_NESTED = 6  # lists; deeper ones are written like that


def blocks(tree: Any) -> list[Block]:
    """The blocks of an lxml tree in document order. What stands in navigation, footers and asides is marked so."""
    collector = _Collector()
    for event, element, text in walk(tree, is_table_of_data):
        if event == "text":
            collector.text(text)
        elif event == "start":
            collector.start(element)
        elif event == "end":
            collector.end(element)
        else:
            collector.table(element)
    collector.close()
    return collector.found


class _Collector:
    """Gathers text until a block begins or ends."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self._parts: list[str] = []
        self._linked = 0
        self._links = self._around = self._code = 0  # how many such elements stand around
        self._heading = 0
        self._language = ""
        self._lists: list[int] = []  # the number of the next item; 0 in lists without numbers
        self._mark = ""

    def text(self, text: str) -> None:
        """Add to the block that is being gathered."""
        if text:
            self._parts.append(text if self._code else _SPACES.sub(" ", text))
        self._linked += len(text.strip()) if self._links else 0

    def start(self, element: Any) -> None:
        """Enter an element: a block ends what was gathered before."""
        tag = element.tag
        self._links += tag == "a"
        self._around += _is_around(element)
        if tag == "br":
            self._parts.append("\n")
        elif self._code or tag == "pre":
            self._start_code(element)
        elif tag in BLOCKS:
            self.close()
            self._heading = _HEADINGS.get(tag, self._heading)
            self._start_item(element)

    def _start_code(self, element: Any) -> None:
        if not self._code:
            self.close()
        elif element.tag in BLOCKS:
            self._new_line()
        self._language = self._language or _language(element)
        self._code += element.tag == "pre"

    def _start_item(self, element: Any) -> None:
        tag = element.tag
        if tag in _LISTS:
            self._lists.append(number(element.get("start"), 1) if tag == "ol" else 0)
        elif tag == "li" and self._lists and self._lists[-1]:
            own = number(element.get("value"), self._lists[-1])
            self._mark, self._lists[-1] = f"{own}. ", own + 1
        elif tag in _ITEMS:
            self._mark = "- "

    def end(self, element: Any) -> None:
        """Leave an element: a block ends with it."""
        tag = element.tag
        if self._code:
            self._end_code(tag)
        elif tag in BLOCKS:
            self.close()
            self._heading = 0 if tag in _HEADINGS else self._heading
            self._mark = "" if tag in _ITEMS else self._mark
            if tag in _LISTS:
                self._lists.pop()
        self._links -= tag == "a"
        self._around -= _is_around(element)

    def _end_code(self, tag: str) -> None:
        if tag == "pre" and self._code == 1:
            self.close()
            self._language = ""
        elif tag in BLOCKS:
            self._new_line()
        self._code -= tag == "pre"

    def _new_line(self) -> None:
        if self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")

    def table(self, table: Any) -> None:
        """Add a table of data, its caption before it."""
        self.close()
        around = self._around > 0
        for caption in table.iter("caption"):
            self._parts.append(inline(caption)[0])
            self.close()
        self.found += [Block("row", text, links=links, around=around) for text, links in rows(table)]

    def close(self) -> None:
        """End the block that is being gathered, if it says anything."""
        raw, linked = "".join(self._parts), self._linked
        self._parts, self._linked = [], 0
        if not any(character.isalnum() for character in raw):
            return
        kind, text, level, mark = self._told(raw)
        if kind != "code" or not _LINE_NUMBERS.fullmatch(text):
            self.found.append(Block(kind, text, level, mark, min(1.0, linked / len(text)), self._around > 0))

    def _told(self, raw: str) -> tuple[Kind, str, int, str]:
        if self._code:
            lines = [line.rstrip() for line in raw.split("\n")]
            return "code", "\n".join(lines).strip("\n"), 0, self._language
        if self._heading:
            return "heading", _SPACES.sub(" ", raw).strip(), self._heading, ""
        text = "\n".join(line.strip() for line in raw.split("\n")).strip("\n")
        mark, self._mark = self._mark, ""
        return "item" if mark else "paragraph", text, min(_MOST_NESTED, len(self._lists)), mark


def _is_around(element: Any) -> bool:
    """Manuals write their notes and warnings as asides; those belong to the text."""
    return element.tag in _AROUND and not (element.tag == "aside" and _NOTE.search(element.get("class") or ""))


def _language(element: Any) -> str:
    parent = element.getparent()
    classes = [element.get("class") or "", (parent.get("class") or "") if parent is not None else ""]
    found = _LANGUAGE.search(" ".join(classes))
    return found[1] if found else ""
