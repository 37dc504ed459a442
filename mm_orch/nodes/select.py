"""Chooses what of each page the model will read: its beginning, in whole sentences, up to a token budget."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import Field

from mm_orch.nodes import budget
from mm_orch.nodes.base import Node, Section, Values
from mm_orch.nodes.step_run import StepRun
from mm_orch.records.page import Page

_SHARE = 2  # a page may take up at most one part in so many of the context


class SelectLimits(Section):
    """``tokens_per_page`` is counted with the model that will read the page."""

    tokens_per_page: int = Field(400, ge=16, le=100_000)


class SelectNode(Node):
    """Trims pages to a token budget, and to half of a small context."""

    slots: ClassVar[tuple[str, ...]] = ("pages",)
    outputs: ClassVar[tuple[str, ...]] = ("pages",)

    kind: Literal["select"]
    limits: SelectLimits = SelectLimits()

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        pages: list[Page] = list(self.given(state, "pages") or [])
        room = min(self.limits.tokens_per_page, await run.context_length() // _SHARE)
        # A token is at least one character for most text; this only spares counting a book to keep a page.
        heads = [page.text[: room * 16] for page in pages]
        texts = await budget.cut(run.deps.engine, heads, [room] * len(pages))
        trimmed = [replace(page, text=text) for page, text in zip(pages, texts, strict=True)]
        return {"pages": [page for page in trimmed if page.text]}
