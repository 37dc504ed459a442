"""The corpus as a search provider and as a page fetcher: text comes from the database, no file is opened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from mm_orch.corpus.address import of_url
from mm_orch.corpus.index import CorpusIndex
from mm_orch.corpus.own_documents import OwnDocuments
from mm_orch.corpus.query import terms
from mm_orch.corpus.reranking import Embedder, rank
from mm_orch.errors import EngineError, FetchError, ModelError
from mm_orch.records.page import Page
from mm_orch.records.passage import Passage
from mm_orch.records.search import Hit, SearchAnswer, SearchQuery
from mm_orch.words import say

NAME = "corpus"
_PASSAGES_PER_HIT = 4  # several of the best passages may be one document's
_SNIPPET = 300  # characters


class CorpusSearch:
    """A ``SearchProvider`` over ``index``; while the user added nothing to it, over MuAI's ``own`` documents.

    ``embedder`` puts what the words find in an order that their meaning agrees with.
    """

    name = NAME

    def __init__(self, index: CorpusIndex, own: OwnDocuments, embedder: Embedder | None = None) -> None:
        self._index = index
        self._own = own
        self._embedder = embedder

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """One hit a document, that with the best passage first; its snippet is from that passage.

        An embedding model that fails is only a warning. Raises ``StorageError``.
        """
        if not terms(query.text):
            return SearchAnswer((), NAME, (say("warning.no_word", query.language, provider=NAME),))
        index = await asyncio.to_thread(self._searched)
        found = await asyncio.to_thread(index.numbered, query.text, query.limit * _PASSAGES_PER_HIT)
        if not found:
            return SearchAnswer((), NAME, (say("warning.no_document", query.language, provider=NAME),))
        warnings: tuple[str, ...] = ()
        if self._embedder:
            try:
                texts = {number: passage.text for number, passage in found.items()}
                order = await rank(self._embedder, query.text, texts, index.vectors)
                found = {number: found[number] for number in order}
            except (EngineError, ModelError) as error:
                warnings = (say("warning.by_words_alone", query.language, provider=NAME, error=error),)
        return SearchAnswer(_hits(found.values())[: query.limit], NAME, warnings)

    def passages(self, question: str, limit: int) -> list[Passage]:
        """The best passages for ``question`` by its words, as ``CorpusIndex.passages``."""
        return self._searched().passages(question, limit)

    def _searched(self) -> CorpusIndex:
        if not self._index.is_empty():
            return self._index
        self._own.refresh()
        return self._own.index


class CorpusFetcher:
    """Reads ``corpus:`` URLs from the first of ``indexes`` that has the document; ``release`` closes them."""

    def __init__(self, indexes: Sequence[CorpusIndex], release: Callable[[], None] = lambda: None) -> None:
        self._indexes = tuple(dict.fromkeys(indexes))
        self.close = release

    async def fetch(self, url: str) -> Page:
        """The document; ``FetchError`` if it is not, or no longer, in the corpus."""
        for index in self._indexes:
            page = await asyncio.to_thread(index.page, of_url(url))
            if page is not None:
                return page
        raise FetchError("not_in_corpus", url=url)

    def warm(self) -> None:
        """Nothing has to get ready."""


def _hits(found: Iterable[Passage]) -> tuple[Hit, ...]:
    best: dict[str, Hit] = {}
    for passage in found:
        best.setdefault(passage.url, Hit(passage.url, passage.title, _snippet(passage), NAME))
    return tuple(best.values())


def _snippet(passage: Passage) -> str:
    text = " ".join(passage.text.split())
    return text if len(text) <= _SNIPPET else text[: _SNIPPET - 1] + "…"
