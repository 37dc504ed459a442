"""Markdown with each paragraph on one line: where an author wrapped a line says nothing, and it cuts sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mm_orch.language.markdown import Block, blocks
from mm_orch.language.script import CJK

# Lines that are something of their own: headings and their underlines, quotations, HTML, code, definitions.
_APART = re.compile(r" {0,3}(?:#{1,6}[ \t]|[=-]{3,}[ \t]*$|[>|<]|\[[^\]]*\]:)|\t| {4}")
_HARD = re.compile(r"(?: {2,}|\\|<br ?/?>)$")
_CJK_END, _CJK_START = re.compile(rf"[{CJK}，。、；：！？”’）》]$"), re.compile(rf"[{CJK}“‘（《]")


def unwrapped(text: str) -> str:
    """``text`` without line breaks inside of paragraphs and list items; between Chinese they leave no space."""
    parts: list[str] = []
    at = 0
    for block in blocks(text):
        parts += (text[at : block.start], *_joined(text, block))
        at = block.end
    return "".join((*parts, text[at:]))


def _joined(text: str, block: Block) -> Iterator[str]:
    body = text[block.start : block.end]
    if block.kind not in ("text", "list") or "```" in body or "~~~" in body:
        yield body
        return
    starts = {start - block.start for start in block.parts}
    before, place = "", 0
    for line in body.splitlines(keepends=True):
        own = place in starts or not before.strip() or not line.strip()
        if own or _APART.match(before) or _HARD.search(before) or (block.kind == "text" and _APART.match(line)):
            yield before
            before = line
        else:
            glue = "" if _CJK_END.search(before.rstrip()) and _CJK_START.match(line.lstrip()) else " "
            before = before.rstrip() + glue + line.lstrip()
        place += len(line)
    yield before
