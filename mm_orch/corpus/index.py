"""The documents in muai.db: stored, replaced, removed, searched. Reading files and pages is left to others."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mm_orch.corpus import query
from mm_orch.corpus.address import url_of
from mm_orch.corpus.document import SHAPE, Document, Prepared, Stamp
from mm_orch.corpus.migrations import MIGRATIONS
from mm_orch.corpus.vectors import VectorStore
from mm_orch.database import Database
from mm_orch.records.page import Page
from mm_orch.records.passage import Passage

USER = "user"
OWN = "muai"
"""Who a document is from: the user, or MuAI itself (its documentation, searched while the user added nothing)."""

_DOCUMENT = (
    "SELECT id, address, title, media_type, size, mtime_ns, sha256, added, "
    "(SELECT count(*) FROM corpus_passages WHERE document = corpus_documents.id) FROM corpus_documents "
)
# Words of a title and a heading count more than those of the text.
_FOUND = (
    "SELECT found, address, title, heading, text, start FROM "
    "(SELECT rowid AS found, rank AS score FROM corpus_words "
    "WHERE corpus_words MATCH ? AND rank MATCH 'bm25(1.5, 1.5, 1.0)' ORDER BY rank LIMIT ?) "
    "JOIN corpus_passages ON corpus_passages.id = found "
    "JOIN corpus_documents ON corpus_documents.id = document ORDER BY score"
)


class CorpusIndex:
    """The corpus in ``database``; ``clock`` gives epoch seconds. Raises ``StorageError``.

    Every change is one transaction: a process that is killed leaves each document whole, as it was or as it is.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        database.migrate(MIGRATIONS)
        self.vectors = VectorStore(database)

    def store(
        self, documents: Sequence[Prepared], origin: str = USER, *, same: Mapping[str, Stamp] | None = None
    ) -> set[str]:
        """Add documents, or put them in the place of those with the same address: whose addresses are returned.

        ``same`` are new stamps, by address, of documents that did not change. MuAI's own documents make way for the
        first of the user's, and are not stored beside them.
        """
        with self._database.write() as connection:
            if origin == USER and documents:
                connection.execute("DELETE FROM corpus_documents WHERE origin = ?", (OWN,))
            elif origin == OWN and _has(connection, USER):
                return set()
            replaced = {each.address for each in documents if self._put(connection, each, origin)}
            connection.executemany(
                "UPDATE corpus_documents SET mtime_ns = ? WHERE address = ?",
                [(stamp.mtime_ns, address) for address, stamp in (same or {}).items()],
            )
        return replaced

    def stamp(self, address: str) -> Stamp | None:
        """What the stored document was made from; None if there is none, or it has to be indexed anew."""
        sql = "SELECT size, mtime_ns, sha256 FROM corpus_documents WHERE address = ? AND shape = ?"
        with self._database.read() as connection:
            row = connection.execute(sql, (address, SHAPE)).fetchone()
        return Stamp(*row) if row else None

    def remove(self, addresses: Iterable[str]) -> int:
        """Remove documents by their addresses. Returns how many there were."""
        with self._database.write() as connection:
            sql = "DELETE FROM corpus_documents WHERE address = ?"
            return sum(connection.execute(sql, (address,)).rowcount for address in addresses)

    def documents(self, origin: str = USER) -> list[Document]:
        """The documents of one origin by address."""
        with self._database.read() as connection:
            rows = connection.execute(_DOCUMENT + "WHERE origin = ? ORDER BY address", (origin,))
            return [_document(row) for row in rows]

    def addresses(self, folder: str) -> list[str]:
        """The addresses of the user's documents in the folder of that address, at any depth."""
        begins = folder.rstrip("/\\")
        sql = (
            "SELECT address FROM corpus_documents WHERE origin = ? AND address > ? AND address < ? ORDER BY address"
        )
        with self._database.read() as connection:
            return [
                row[0]
                for sign, after in (("/", "0"), ("\\", "]"))
                for row in connection.execute(sql, (USER, begins + sign, begins + after))
            ]

    def is_empty(self) -> bool:
        """Whether the user added nothing."""
        with self._database.read() as connection:
            return not _has(connection, USER)

    def page(self, address: str) -> Page | None:
        """The document's text as it was read, without looking at its source."""
        sql = (
            "SELECT title, text, media_type FROM corpus_documents "
            "JOIN corpus_texts ON document = id WHERE address = ?"
        )
        with self._database.read() as connection:
            row = connection.execute(sql, (address,)).fetchone()
        return Page(url_of(address), *row) if row else None

    def passages(self, question: str, limit: int) -> list[Passage]:
        """The ``limit`` passages that suit ``question`` best, best first, by BM25; none has a source's number.

        The question's most frequent words do not count where the corpus is large.
        """
        return list(self.numbered(question, limit).values())

    def numbered(self, question: str, limit: int) -> dict[int, Passage]:
        """As ``passages``, under the numbers by which ``vectors`` knows them."""
        with self._database.read() as connection:
            tries = query.expressions(connection, question)
            found = (connection.execute(_FOUND, (expression, limit)).fetchall() for expression in tries)
            rows = next((rows for rows in found if rows), [])
        return {number: Passage(0, url_of(address), *rest) for number, address, *rest in rows}

    def _put(self, connection: sqlite3.Connection, document: Prepared, origin: str) -> bool:
        """Store one document; whether there was one of that address."""
        page, stamp = document.page, document.stamp
        found = connection.execute(
            "SELECT id FROM corpus_documents WHERE address = ?", (document.address,)
        ).fetchone()
        if found:
            connection.execute("DELETE FROM corpus_documents WHERE id = ?", found)
        row = (found and found[0], document.address, origin, page.title, page.media_type)
        cursor = connection.execute(
            "INSERT INTO corpus_documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, stamp.sha256, stamp.size, stamp.mtime_ns, SHAPE, self._clock()),
        )
        identity = cursor.lastrowid
        connection.execute("INSERT INTO corpus_texts VALUES (?, ?)", (identity, page.text))
        first = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM corpus_passages").fetchone()[0]
        numbered = list(enumerate(document.rows, start=first))
        connection.executemany(
            "INSERT INTO corpus_passages VALUES (?, ?, ?, ?, ?)",
            [(number, identity, row.heading, row.text, row.start) for number, row in numbered],
        )
        connection.executemany(
            "INSERT INTO corpus_words (rowid, title, heading, text) VALUES (?, ?, ?, ?)",
            [(number, row.title_words, row.heading_words, row.text_words) for number, row in numbered],
        )
        return found is not None


def _has(connection: sqlite3.Connection, origin: str) -> bool:
    sql = "SELECT 1 FROM corpus_documents WHERE origin = ? LIMIT 1"
    return connection.execute(sql, (origin,)).fetchone() is not None


def _document(row: tuple[Any, ...]) -> Document:
    identity, address, title, media_type, size, mtime_ns, sha256, added, passages = row
    return Document(identity, address, title, media_type, Stamp(size, mtime_ns, sha256), added, passages)
