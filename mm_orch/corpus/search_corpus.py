"""The search over local documents."""

from __future__ import annotations

import asyncio

from mm_orch.corpus import query
from mm_orch.corpus.index import CorpusIndex
from mm_orch.corpus.own_documents import OwnDocuments
from mm_orch.records.passage import Passage
from mm_orch.records.search import Hit, SearchAnswer, SearchQuery

NAME = "corpus"
_PASSAGES_PER_HIT = 4  # several of the best passages may be one document's
_SNIPPET = 300  # characters


class CorpusSearch:
    """A ``SearchProvider`` over ``index``; while the user added nothing to it, over MuAI's ``own`` documents."""

    name = NAME

    def __init__(self, index: CorpusIndex, own: OwnDocuments) -> None:
        self._index = index
        self._own = own

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """One hit a document, that with the best passage first; its snippet is from that passage.

        Raises ``StorageError``.
        """
        return await asyncio.to_thread(self._search, query)

    def passages(self, question: str, limit: int) -> list[Passage]:
        """The best passages for ``question``, as ``CorpusIndex.passages``."""
        return self._searched().passages(question, limit)

    def _search(self, asked: SearchQuery) -> SearchAnswer:
        if not query.terms(asked.text):
            return SearchAnswer((), NAME, (f"{NAME}: the question has no word to search for",))
        found = self.passages(asked.text, asked.limit * _PASSAGES_PER_HIT)
        best: dict[str, Hit] = {}
        for passage in found:
            best.setdefault(passage.url, Hit(passage.url, passage.title, _snippet(passage), NAME))
        if not best:
            return SearchAnswer((), NAME, (f"{NAME}: no document has any of the question's words",))
        return SearchAnswer(tuple(best.values())[: asked.limit], NAME)

    def _searched(self) -> CorpusIndex:
        if not self._index.is_empty():
            return self._index
        self._own.refresh()
        return self._own.index


def _snippet(passage: Passage) -> str:
    text = " ".join(passage.text.split())
    return text if len(text) <= _SNIPPET else text[: _SNIPPET - 1] + "…"
