"""Asks the search provider. Which one that is, and what it falls back to, is the provider's matter."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from mm_orch.errors import SearchError, WorkflowError
from mm_orch.nodes.base import Node, Section, Values
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.wording import worded
from mm_orch.records.search import Hit, SearchQuery


class SearchLimits(Section):
    """``hits`` is the most that are wanted."""

    hits: int = Field(5, ge=1, le=50)


class SearchNode(Node):
    """Finds pages for a query; finding none, or failing, degrades the run and writes no hits."""

    slots: ClassVar[tuple[str, ...]] = ("query",)
    outputs: ClassVar[tuple[str, ...]] = ("hits",)

    kind: Literal["search"]
    limits: SearchLimits = SearchLimits()

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        provider = run.deps.search
        if provider is None:
            raise WorkflowError(f"step {self.id!r} needs a search provider", hint="Pass search=… or use --search")
        limit = run.deps.limits.hits or self.limits.hits
        query = SearchQuery(worded(self.given(state, "query")), limit, run.language)
        try:
            answer = await provider.search(query)
        except SearchError as error:
            run.degrade(f"search failed: {error}")
            return {"hits": []}
        for warning in answer.warnings:
            run.warn(warning)
        if not answer.hits:
            run.degrade(f"search ({answer.provider}) found nothing for {query.text[:80]!r}")
        return {"hits": _distinct(answer.hits)[:limit]}


def _distinct(hits: tuple[Hit, ...]) -> list[Hit]:
    return list({hit.url: hit for hit in reversed(hits)}.values())[::-1]
