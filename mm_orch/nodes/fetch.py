"""Reads the pages behind hits, several at once; for a page that fails the next hit is read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import Field

from mm_orch.errors import FetchError, WorkflowError
from mm_orch.nodes.base import Node, Section, Values
from mm_orch.nodes.step_run import StepRun
from mm_orch.records.page import Page
from mm_orch.records.search import Hit


class FetchLimits(Section):
    """``pages`` is the most that are read in one round."""

    pages: int = Field(3, ge=1, le=50)


class FetchNode(Node):
    """Reads the pages behind hits, in their order; reading none degrades the run.

    ``earlier`` pages are kept, and addresses that were ``tried`` are not read again.
    """

    slots: ClassVar[tuple[str, ...]] = ("hits",)
    optional: ClassVar[tuple[str, ...]] = ("earlier", "tried")
    outputs: ClassVar[tuple[str, ...]] = ("pages", "tried")

    kind: Literal["fetch"]
    limits: FetchLimits = FetchLimits()

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        if run.deps.fetch is None:
            raise WorkflowError("step_needs_fetcher", step=self.id)
        earlier: list[Page] = list(self.given(state, "earlier") or [])
        tried: list[str] = list(self.given(state, "tried") or [])
        hits: list[Hit] = [hit for hit in self.given(state, "hits") or [] if hit.url not in tried]
        reading = _Reading(run, hits, min(run.deps.limits.pages or self.limits.pages, len(hits)))
        pages = _distinct([*earlier, *await reading.pages()])
        if hits and not pages:
            run.degrade("no_page")
        return {"pages": pages, "tried": [*tried, *reading.tried]}


class _Reading:
    """Up to ``wanted`` pages of ``hits`` being read; each failure moves on to the next hit."""

    def __init__(self, run: StepRun, hits: list[Hit], wanted: int) -> None:
        self._run = run
        self._wanted = wanted
        self._next: Iterator[tuple[int, Hit]] = iter(enumerate(hits))
        self._read: dict[int, Page] = {}
        self.tried: list[str] = []

    async def pages(self) -> list[Page]:
        self._told()
        async with asyncio.TaskGroup() as readers:
            for _ in range(self._wanted):
                readers.create_task(self._one())
        return [self._read[at] for at in sorted(self._read)]

    async def _one(self) -> None:
        for at, hit in self._next:
            self.tried.append(hit.url)
            page = await _read(hit, self._run)
            if page is not None:
                self._read[at] = page
                self._told()
                return

    def _told(self) -> None:
        self._run.progress("pages", len(self._read), self._wanted)


async def _read(hit: Hit, run: StepRun) -> Page | None:
    assert run.deps.fetch is not None
    try:
        page = await run.deps.fetch.fetch(hit.url)
    except FetchError as error:
        run.warn("page_failed", url=hit.url, error=error)
        return None
    if not page.text.strip():
        run.warn("page_empty", url=hit.url)
        return None
    run.pass_on(page.warnings)
    title = page.title.strip() or hit.title or page.url
    return page if title == page.title else Page(page.url, title, page.text, page.media_type, page.warnings)


def _distinct(pages: list[Page]) -> list[Page]:
    """Two addresses may lead to one page."""
    distinct: dict[str, Page] = {}
    for page in pages:
        distinct.setdefault(page.url, page)
    return list(distinct.values())
