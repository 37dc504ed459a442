"""A ``PageFetcher`` for documents of the corpus: their text comes from the database, no file is opened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from mm_orch.corpus.address import of_url
from mm_orch.corpus.index import CorpusIndex
from mm_orch.errors import FetchError
from mm_orch.records.page import Page


class CorpusFetcher:
    """Reads ``corpus:`` URLs from the first of ``indexes`` that has the document; ``release`` closes them."""

    def __init__(self, indexes: Sequence[CorpusIndex], release: Callable[[], None] = lambda: None) -> None:
        self._indexes = tuple(dict.fromkeys(indexes))
        self._release = release

    async def fetch(self, url: str) -> Page:
        """The document; ``FetchError`` if it is not, or no longer, in the corpus."""
        for index in self._indexes:
            page = await asyncio.to_thread(index.page, of_url(url))
            if page is not None:
                return page
        raise FetchError(f"{url!r} is not in the corpus", hint="`muai corpus list` shows what is")

    def warm(self) -> None:
        """Nothing has to get ready."""

    def close(self) -> None:
        """Close the corpus."""
        self._release()
