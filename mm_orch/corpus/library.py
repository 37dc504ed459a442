"""The corpus opened for use: one database, what searches it and what reads from it."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from mm_orch import resources
from mm_orch.corpus.index import CorpusIndex
from mm_orch.corpus.own_documents import OwnDocuments
from mm_orch.corpus.provider import CorpusFetcher, CorpusSearch
from mm_orch.corpus.reranking import Embedder
from mm_orch.database import FILE_NAME, Database

_READMES = ("README.md", "README.zh-CN.md")


class Library:
    """The user's documents in the MuAI home folder ``home``, and MuAI's own while there are none.

    With ``keep`` False no file is made, and MuAI's own documents are indexed in memory. ``embedder`` ranks what is
    found again. Raises ``StorageError``.
    """

    def __init__(self, home: Path, *, keep: bool = True, embedder: Embedder | None = None) -> None:
        there = keep or (home / FILE_NAME).exists()
        self._databases = [Database.open(home) if there else Database(None)]
        self.index = CorpusIndex(self._databases[0])
        docs = resources.shipped("docs")
        own = self.index
        if not keep:
            self._databases.append(Database(None))
            own = CorpusIndex(self._databases[-1])
        self.own = OwnDocuments(own, docs, [docs.parent / name for name in _READMES])
        self.search = CorpusSearch(self.index, self.own, embedder)
        self.fetch = CorpusFetcher([self.index, self.own.index], self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what was opened. Closing twice is fine."""
        for database in self._databases:
            database.close()
