"""An HTML page into title and readable text: trafilatura's article, or all visible text where that lost much."""

from __future__ import annotations

from typing import Any

from mm_orch.documents.visible_text import Block, blocks, remove_hidden

_MOSTLY_LINKS = 0.5
# Share of the visible text that an article must hold: one manual kept 53 % and lost its answers.
_KEPT_ENOUGH = 0.8
_CHECKED = 24  # characters at a block's start and end that show whether it was kept


def read_html(text: str, url: str) -> tuple[str, str]:
    """``(title, readable text)`` of a page; both are empty for one that shows no text.

    The time it takes can grow with the square of a hostile page's size: run it where it can be ended.
    """
    from trafilatura import extract, load_html

    tree = load_html(text) if text.strip() else None
    if tree is None:
        return "", ""
    title = _title(tree)
    remove_hidden(tree)
    shown = [block for block in blocks(_main(tree)) if block.links < _MOSTLY_LINKS]
    article = extract(tree, url=url, include_comments=False, include_tables=True, favor_recall=True) or ""
    if _kept(article, shown) >= _KEPT_ENOUGH:
        return title, article
    return title, "\n".join(block.text for block in shown)


def _main(tree: Any) -> Any:
    """The part that the page itself calls its main one, if it names exactly one."""
    named = tree.xpath("//main | //*[@role='main'][not(ancestor::main)][not(descendant::main)]")
    return named[0] if len(named) == 1 else tree


def _title(tree: Any) -> str:
    for path in ("//head/title", "//title", "//h1"):
        for element in tree.xpath(path):
            text = " ".join("".join(element.itertext()).split())
            if text:
                return text
    return ""


def _kept(article: str, shown: list[Block]) -> float:
    """The share of the visible characters whose block is found in ``article``; 1 when nothing is visible."""
    total = sum(len(block.text) for block in shown)
    inside = _squeezed(article)
    kept = 0
    for block in shown:
        text = _squeezed(block.text)
        kept += len(block.text) if text[:_CHECKED] in inside and text[-_CHECKED:] in inside else 0
    return kept / total if total else 1.0


def _squeezed(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
