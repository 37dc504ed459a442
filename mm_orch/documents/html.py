"""An HTML page into title and Markdown: trafilatura's article, or all visible text where that lost much."""

from __future__ import annotations

import re
from typing import Any

from mm_orch.documents.block import Block, markdown
from mm_orch.documents.characters import letters
from mm_orch.documents.hidden_text import remove_hidden
from mm_orch.documents.visible_text import blocks

_MOSTLY_LINKS = 0.5
# Share of the visible text that an article must hold: one manual kept 53 % and lost its answers.
_KEPT_ENOUGH = 0.8
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_CHECKED = 24  # letters at a block's start and end that show whether it was kept


def read_html(text: str, url: str) -> tuple[str, str]:
    """``(title, Markdown)`` of a page; both are empty for one that shows no text.

    trafilatura only tells which blocks are the article: its own text changes words (``Q4\\_K\\_M``) and loses
    headings. The time it takes can grow with the square of a hostile page's size: run it where it can be ended.
    """
    from trafilatura import extract, load_html

    tree = load_html(text) if text.strip() else None
    if tree is None:
        return "", ""
    title = _first(tree, "//head/title", "//title")
    remove_hidden(tree)
    title = title or _first(tree, "//h1")
    shown = [block for block in blocks(_main(tree)) if not block.around and block.links < _MOSTLY_LINKS]
    found = blocks(tree)
    article = _Article(extract(tree, url=url, include_comments=False, favor_recall=True) or "", found)
    if article.share_of(shown) >= _KEPT_ENOUGH:
        return title, markdown(_outline(found, _closed([article.holds(block) for block in found], found)))
    return title, markdown(shown)


def read_fragment(text: str) -> str:
    """All of an HTML text, such as a chapter of a book, as Markdown, without navigation."""
    from lxml import etree, html

    try:
        tree = html.document_fromstring(_DECLARATION.sub("", text))
    except etree.ParserError:  # nothing in it
        return ""
    remove_hidden(tree)
    return markdown(block for block in blocks(tree) if not block.around)


class _Article:
    """The text that trafilatura extracted; knows which blocks are in it."""

    def __init__(self, text: str, found: list[Block]) -> None:
        self._all = letters(text)
        # A list of contents repeats the headings; it must not be taken for them.
        headings = {letters(block.text) for block in found if block.kind == "heading"}
        self._lines = {letters(line) for line in text.splitlines()} - headings

    def holds(self, block: Block) -> bool:
        """Whether the block is in the article: a short one as a line, a longer one by its start and its end."""
        text = letters(block.text)
        if len(text) < _CHECKED:
            return text in self._lines
        return text[:_CHECKED] in self._all and text[-_CHECKED:] in self._all

    def share_of(self, shown: list[Block]) -> float:
        """The share of the visible characters that it holds; 1 when nothing is visible."""
        total = sum(len(block.text) for block in shown)
        kept = sum(len(block.text) for block in shown if self.holds(block))
        return kept / total if total else 1.0


def _closed(held: list[bool], found: list[Block]) -> list[bool]:
    """Also what lies between two blocks of the article: it loses figures, code and short lines in its midst."""
    inside = [position for position, holds in enumerate(held) if holds]
    if not inside:
        return held
    first, last = inside[0], inside[-1]
    return [
        holds or (first < position < last and not block.around and block.links < _MOSTLY_LINKS)
        for position, (holds, block) in enumerate(zip(held, found, strict=True))
    ]


def _outline(found: list[Block], kept: list[bool]) -> list[Block]:
    """The blocks that were kept, under the headings above them."""
    chosen: list[Block] = []
    above: list[Block] = []
    for block, keep in zip(found, kept, strict=True):
        if block.kind == "heading":
            above = [heading for heading in above if heading.level < block.level]
            above += [] if block.around else [block]
        elif keep:
            chosen += above
            chosen.append(block)
            above = []
    return chosen


def _main(tree: Any) -> Any:
    """The part that the page itself calls its main one, if it names exactly one."""
    named = tree.xpath("//main | //*[@role='main'][not(ancestor::main)][not(descendant::main)]")
    return named[0] if len(named) == 1 else tree


def _first(tree: Any, *paths: str) -> str:
    """The text of the first element that says something."""
    for path in paths:
        for element in tree.xpath(path):
            text = " ".join("".join(element.itertext()).split())
            if text:
                return text
    return ""
