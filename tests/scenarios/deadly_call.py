"""Answers one question with the mock and kills itself at the start of a call: ``python -m … QUESTION SEAM``.

``SEAM`` is ``fetch`` or ``generate``: the process dies when the first page is read, or the model is asked again.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from mm_orch import app, settings
from mm_orch.providers.mock import MockFetcher, MockSearch
from mm_orch.records.generation import GenerationRequest, GenerationResult
from mm_orch.records.page import Page
from mm_orch.records.query import Query
from mm_orch.runtime.mock_engine import MockEngine


def die() -> None:
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


class DeadlyFetch(MockFetcher):
    """No page is ever read."""

    async def fetch(self, url: str) -> Page:
        die()
        return await super().fetch(url)


class DeadlyEngine(MockEngine):
    """Answers once."""

    async def complete(self, requests: Sequence[GenerationRequest]) -> list[GenerationResult]:
        if self.requests:
            die()
        return await super().complete(requests)


def main(question: str, seam: str) -> None:
    engine = DeadlyEngine() if seam == "generate" else MockEngine()
    fetch = DeadlyFetch() if seam == "fetch" else MockFetcher()
    with app.build(settings.load(), engine=engine, web=(MockSearch(), fetch)) as built:
        built.run(Query(question))


if __name__ == "__main__":
    main(*sys.argv[1:])
