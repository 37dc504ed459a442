"""One block of a document, and blocks written as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["paragraph", "heading", "item", "row", "code"]
_MARKS = re.compile(r"(?m)^(#{1,6}\s|`{3}|~{3})")
_FENCE = re.compile(r"`{3,}")


@dataclass(frozen=True, slots=True)
class Block:
    """``text`` is plain, but for a row, which is written as ``| a | b |``.

    ``level`` is a heading's (1 to 6) or how many lists stand around; ``mark`` an item's bullet or number, or the
    language of code; ``links`` the share of the text that is inside links; ``around`` whether it stands in
    navigation, a footer or an aside.
    """

    kind: Kind
    text: str
    level: int = 0
    mark: str = ""
    links: float = 0.0
    around: bool = False


def markdown(blocks: Iterable[Block]) -> str:
    """The blocks as Markdown: a blank line between them, none between items of a list or rows of a table."""
    written: list[str] = []
    before: Block | None = None
    for block in blocks:
        if before is not None:
            written.append("\n" if _is_tight(before, block) else "\n\n")
        written.append(_written(block))
        before = block
    return "".join(written)


def _is_tight(before: Block, block: Block) -> bool:
    if "row" in (before.kind, block.kind):
        return before.kind == block.kind
    lists = ("item", "paragraph")
    return before.kind in lists and block.kind in lists and before.level > 0 and block.level > 0


def _written(block: Block) -> str:
    if block.kind == "heading":
        return f"{'#' * block.level} {block.text}"
    if block.kind == "row":
        return block.text
    if block.kind == "code":
        longest = max((len(run) for run in _FENCE.findall(block.text)), default=2)
        fence = "`" * max(3, longest + 1)
        return f"{fence}{block.mark}\n{block.text}\n{fence}"
    indent = "  " * (block.level - 1) if block.kind == "item" else "  " * block.level
    # What looks like a mark was text: a heading that is none would cut the document in the wrong place.
    text = _MARKS.sub(r"\\\1", block.text).replace("\n", "\n" + "  " * block.level)
    return f"{indent}{block.mark if block.kind == 'item' else ''}{text}"
