"""Asks the search provider. Which one that is, and what it falls back to, is the provider's matter."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, ClassVar, Literal

from pydantic import Field

from mm_orch.errors import SearchError, WorkflowError
from mm_orch.nodes.base import Node, Section, Values
from mm_orch.nodes.prompt_values import as_text
from mm_orch.nodes.step_run import StepRun
from mm_orch.records.search import Hit, SearchQuery

logger = logging.getLogger(__name__)


class SearchLimits(Section):
    """``hits`` is the most that are wanted of one search."""

    hits: int = Field(5, ge=1, le=50)


class SearchNode(Node):
    """Finds pages for a query; finding none, or failing, degrades the run where it leaves no hits at all.

    ``typed`` are hits that come before all others, ``earlier`` those of the rounds before, which are kept.
    """

    slots: ClassVar[tuple[str, ...]] = ("query",)
    optional: ClassVar[tuple[str, ...]] = ("typed", "earlier")
    outputs: ClassVar[tuple[str, ...]] = ("hits",)

    kind: Literal["search"]
    limits: SearchLimits = SearchLimits()

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        known = [*(self.given(state, "typed") or []), *(self.given(state, "earlier") or [])]
        text = as_text(self.given(state, "query")).strip()
        if not text and known:
            return {"hits": _distinct(known)}
        return {"hits": _distinct([*known, *await self._found(text, run, first=not known)])}

    async def _found(self, text: str, run: StepRun, *, first: bool) -> list[Hit]:
        provider = run.deps.search
        if provider is None:
            raise WorkflowError("step_needs_search", step=self.id)
        limit = run.deps.limits.hits or self.limits.hits
        tell = run.degrade if first else run.warn
        try:
            answer = await provider.search(SearchQuery(text, limit, run.language))
        except SearchError as error:
            tell("search_failed", error=error)
            return []
        if answer.cached:
            logger.info("step %r: what %s answered before comes from the cache", self.id, answer.provider)
        run.pass_on(answer.warnings)
        if not answer.hits and first:
            tell("search_empty", provider=answer.provider, query=text[:80])
        return _distinct(answer.hits)[:limit]


def _distinct(hits: Iterable[Hit]) -> list[Hit]:
    distinct: dict[str, Hit] = {}
    for hit in hits:
        distinct.setdefault(hit.url, hit)
    return list(distinct.values())
