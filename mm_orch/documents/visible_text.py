"""What a browser would show of an HTML tree: blocks of text, with how much of each is links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th "
    "thead tr ul"
)
_HIDDEN_TAGS = (
    "applet audio button canvas embed head iframe input math meta noscript object option script select style svg "
    "template textarea title video"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HIDDEN = frozenset(_HIDDEN_TAGS.split())
_AROUND = frozenset(("nav", "footer", "aside", "menu"))
_ROOTS = frozenset(("html", "body"))
_CELLS = frozenset(("td", "th"))
_CELL_END = " | "
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """``text`` with spaces collapsed (kept as written in ``pre``); ``links`` is the share of it inside links."""

    text: str
    links: float


def blocks(tree: Any) -> list[Block]:
    """The visible blocks of an lxml tree in document order, without navigation, footers and scripts."""
    collector = _Collector()
    for kind, element, text in _walk(tree):
        collector.take(kind, element, text)
    collector.close()
    return collector.found


def remove_hidden(tree: Any) -> None:
    """Take out of ``tree`` what a browser would not show by the document's own marks, in place."""
    for element in [found for found in tree.iter() if isinstance(found.tag, str) and _is_hidden(found)]:
        if element.getparent() is not None:
            element.drop_tree()


def _walk(tree: Any) -> Iterator[tuple[str, str, str]]:
    """``(start|end|text, tag, text)``; iterative, because pages nest deeper than Python's stack."""
    stack: list[tuple[Any, bool]] = [(tree, False)]
    while stack:
        element, ended = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if ended:
            yield "end", tag, ""
            yield "text", tag, element.tail or ""
            continue
        if not tag or _left_out(element, tag):
            yield "text", tag, element.tail or ""
            continue
        yield "start", tag, ""
        yield "text", tag, element.text or ""
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))


def _left_out(element: Any, tag: str) -> bool:
    return tag in _HIDDEN or tag in _AROUND or _is_hidden(element)


def _is_hidden(element: Any) -> bool:
    if element.tag in _ROOTS:
        return False  # pages that hide themselves until their scripts have run
    if element.get("hidden") is not None:
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


class _Collector:
    """Gathers text until a block begins or ends."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self._parts: list[str] = []
        self._linked = 0
        self._links = 0
        self._pre = 0

    def take(self, kind: str, tag: str, text: str) -> None:
        if kind == "text":
            self._parts.append(text if self._pre else _SPACES.sub(" ", text))
            self._linked += len(text.strip()) if self._links else 0
            return
        if tag in _CELLS:
            self._parts.append(_CELL_END if kind == "end" else "")
        elif tag in _BLOCKS:
            self.close()
        elif tag == "br":
            self._parts.append("\n" if kind == "start" else "")
        step = 1 if kind == "start" else -1
        self._links += step if tag == "a" else 0
        self._pre += step if tag == "pre" else 0

    def close(self) -> None:
        lines = "".join(self._parts).removesuffix(_CELL_END).split("\n")
        text = "\n".join(line.rstrip() if self._pre else line.strip() for line in lines).strip("\n")
        if any(character.isalnum() for character in text):
            self.found.append(Block(text, min(1.0, self._linked / len(text))))
        self._parts, self._linked = [], 0
