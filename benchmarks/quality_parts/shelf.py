"""The pages of a question set where MuAI finds and reads them: in its corpus, or all of them for any question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mm_orch.corpus.document import Stamp, prepare
from mm_orch.corpus.index import CorpusIndex
from mm_orch.corpus.own_documents import OwnDocuments
from mm_orch.corpus.provider import CorpusFetcher, CorpusSearch
from mm_orch.database import Database
from mm_orch.errors import FetchError
from mm_orch.protocols import PageFetcher, SearchProvider
from mm_orch.records.page import Page
from mm_orch.records.search import Hit, SearchAnswer, SearchQuery

CORPUS, EVERY = "corpus", "every"
KINDS = (CORPUS, EVERY)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What searches and what reads the pages; ``hits`` and ``pages``, if set, go over the workflow's limits."""

    search: SearchProvider
    fetch: PageFetcher
    hits: int | None = None
    pages: int | None = None


def stocked(kind: str, pages: Sequence[Page]) -> Shelf:
    """``pages`` in a corpus of their own in memory (``"corpus"``), or every page as a hit (``"every"``).

    The first is what ``--search corpus`` does; the second leaves all the choosing to the select step.
    """
    if kind == CORPUS:
        index = CorpusIndex(Database(None))
        index.store([prepare(page.url, _stamp(page), page) for page in pages])
        return Shelf(CorpusSearch(index, OwnDocuments(index, Path())), CorpusFetcher([index]))
    held = {page.url: page for page in pages}
    return Shelf(_EverySearch(held), _HeldFetcher(held), len(held), len(held))


class _EverySearch:
    name = EVERY

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self._hits = tuple(Hit(page.url, page.title, "", EVERY) for page in pages.values())

    async def search(self, query: SearchQuery) -> SearchAnswer:
        return SearchAnswer(self._hits, EVERY)


class _HeldFetcher:
    def __init__(self, pages: Mapping[str, Page]) -> None:
        self._pages = pages

    async def fetch(self, url: str) -> Page:
        if url not in self._pages:
            raise FetchError(f"{url!r} is no page of the set")
        return self._pages[url]


def _stamp(page: Page) -> Stamp:
    data = page.text.encode()
    return Stamp.of(data)
