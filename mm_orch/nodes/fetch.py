"""Reads the pages behind hits, several at once; a page that fails is passed over for the next hit."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, Literal

from pydantic import Field

from mm_orch.errors import FetchError, WorkflowError
from mm_orch.nodes.base import Node, Section, Values
from mm_orch.nodes.step_run import StepRun
from mm_orch.records.page import Page
from mm_orch.records.search import Hit


class FetchLimits(Section):
    """``pages`` is the most that are read."""

    pages: int = Field(3, ge=1, le=50)


class FetchNode(Node):
    """Reads the pages behind hits, in their order; reading none degrades the run."""

    slots: ClassVar[tuple[str, ...]] = ("hits",)
    outputs: ClassVar[tuple[str, ...]] = ("pages",)

    kind: Literal["fetch"]
    limits: FetchLimits = FetchLimits()

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        if run.deps.fetch is None:
            raise WorkflowError(f"step {self.id!r} needs a page fetcher", hint="Pass fetch=…")
        hits: list[Hit] = list(self.given(state, "hits") or [])
        wanted = min(run.deps.limits.pages or self.limits.pages, len(hits))
        pages: list[Page] = []
        while hits and len(pages) < wanted:
            missing = wanted - len(pages)
            batch, hits = hits[:missing], hits[missing:]
            run.progress("pages", len(pages), wanted)
            read = await asyncio.gather(*(_read(hit, run) for hit in batch))
            pages += [page for page in read if page is not None]
        run.progress("pages", len(pages), wanted)
        if wanted and not pages:
            run.degrade("no page could be read")
        return {"pages": pages}


async def _read(hit: Hit, run: StepRun) -> Page | None:
    assert run.deps.fetch is not None
    try:
        page = await run.deps.fetch.fetch(hit.url)
    except FetchError as error:
        run.warn(f"page left out: {hit.url}: {error}")
        return None
    if not page.text.strip():
        run.warn(f"page left out: {hit.url}: it has no readable text")
        return None
    return page if page.title.strip() else Page(page.url, hit.title or page.url, page.text, page.media_type)
