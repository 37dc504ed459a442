"""Answers one question with the mock, slowly enough to be killed in the middle: ``python -m … QUESTION [PACE]``.

``PACE`` is how many times slower than usual. Says ``started`` once the run is stored, and ``ended`` at its end.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence

from mm_orch import app, settings
from mm_orch.providers.mock import MockFetcher, MockSearch
from mm_orch.records.event import RunStarted
from mm_orch.records.generation import GenerationEvent, GenerationRequest, GenerationResult
from mm_orch.records.page import Page
from mm_orch.records.query import Query
from mm_orch.records.search import SearchAnswer, SearchQuery
from mm_orch.runtime.mock_engine import MockEngine

PACE = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
CALL_S, PIECE_S = 0.05 * PACE, 0.01 * PACE


class SlowEngine(MockEngine):
    """Waits before each answer and each piece of one."""

    async def stream(self, request: GenerationRequest) -> AsyncIterator[GenerationEvent]:
        async for event in super().stream(request):
            await asyncio.sleep(PIECE_S)
            yield event

    async def complete(self, requests: Sequence[GenerationRequest]) -> list[GenerationResult]:
        await asyncio.sleep(CALL_S)
        return await super().complete(requests)


class SlowSearch(MockSearch):
    """Waits before it answers."""

    async def search(self, query: SearchQuery) -> SearchAnswer:
        await asyncio.sleep(CALL_S)
        return await super().search(query)


class SlowFetch(MockFetcher):
    """Waits before it answers."""

    async def fetch(self, url: str) -> Page:
        await asyncio.sleep(CALL_S)
        return await super().fetch(url)


def main(question: str) -> None:
    with app.build(settings.load(), engine=SlowEngine(), web=(SlowSearch(), SlowFetch())) as built:
        for event in built.stream(Query(question, "search_qa")):
            if isinstance(event.event, RunStarted):
                print("started", flush=True)
    print("ended", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
