"""Answers kept for a while, in memory and in muai.db, so that the same question is not asked twice.

Errors are not kept, nor that nothing was found. Questions are not written down: a row's key is a hash.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from mm_orch.database import FILE_NAME, Database, Migrations
from mm_orch.errors import StorageError
from mm_orch.protocols import SearchProvider
from mm_orch.records.search import Hit, SearchAnswer, SearchQuery
from mm_orch.words import say

MIGRATIONS = Migrations("search")
_MOST_ROWS = 1000
_BUSY_S = 1.0  # what a locked file may cost a search: the answer is there already
_ROW = "INSERT OR REPLACE INTO search_cache VALUES (?, ?, ?)"
_OLDEST = "DELETE FROM search_cache WHERE key NOT IN (SELECT key FROM search_cache ORDER BY created DESC LIMIT ?)"


@MIGRATIONS
def create_search_cache(connection: sqlite3.Connection) -> None:
    """The table of answers."""
    connection.execute(
        "CREATE TABLE search_cache (key TEXT PRIMARY KEY, created REAL NOT NULL, answer TEXT NOT NULL)"
    )
    connection.execute("CREATE INDEX search_cache_by_time ON search_cache (created)")


class SearchCache:
    """At most ``most_rows`` answers, each for ``keep_s`` seconds. Serves any thread and process."""

    def __init__(
        self,
        keep_s: float,
        home: Path | None,
        *,
        most_rows: int = _MOST_ROWS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``home`` None keeps answers in memory only. ``clock`` gives the time of day in seconds."""
        self._keep_s = keep_s
        self._home = home
        self._most_rows = most_rows
        self._clock = clock
        self._lock = threading.Lock()
        self._memory: dict[str, tuple[float, str]] = {}

    def get(self, key: str) -> SearchAnswer | None:
        """The answer kept under ``key``, None when there is none or it is too old. Raises ``StorageError``."""
        with self._lock:
            kept = self._memory.get(key)
        if kept is None and self._home is not None:
            kept = self._read(self._home, key)
        if kept is None or not 0 <= self._clock() - kept[0] < self._keep_s:
            return None
        self._remember(key, *kept)
        return _answer(kept[1])

    def put(self, key: str, answer: SearchAnswer) -> None:
        """Keep ``answer`` from now on. Raises ``StorageError``; it is then kept in memory alone."""
        now, text = self._clock(), _text(answer)
        self._remember(key, now, text)
        if self._home is None:
            return
        with closing(self._database(self._home)) as database, database.write() as connection:
            connection.execute(_ROW, (key, now, text))
            connection.execute("DELETE FROM search_cache WHERE created <= ?", (now - self._keep_s,))
            connection.execute(_OLDEST, (self._most_rows,))

    def _remember(self, key: str, created: float, text: str) -> None:
        with self._lock:
            self._memory.pop(key, None)
            self._memory[key] = (created, text)
            while len(self._memory) > self._most_rows:
                del self._memory[next(iter(self._memory))]

    def _read(self, home: Path, key: str) -> tuple[float, str] | None:
        with closing(self._database(home)) as database, database.read() as connection:
            row = connection.execute("SELECT created, answer FROM search_cache WHERE key = ?", (key,)).fetchone()
        return (float(row[0]), str(row[1])) if row else None

    def _database(self, home: Path) -> Database:
        """Opened for one statement: a search is rare, and nothing has to be closed when the program ends."""
        database = Database(home / FILE_NAME, busy_timeout_s=_BUSY_S)
        try:
            database.migrate(MIGRATIONS)
        except StorageError:
            database.close()
            raise
        return database


class CachedSearch:
    """A ``SearchProvider`` that asks another only for what it has not answered lately."""

    def __init__(self, provider: SearchProvider, cache: SearchCache, region: str | None = None) -> None:
        """``region`` is the configured one: with another, the same question has other answers."""
        self._provider = provider
        self._cache = cache
        self._region = region

    @property
    def name(self) -> str:
        """The other provider's."""
        return self._provider.name

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """The kept answer, with ``cached`` set, or the provider's. Raises what the provider raises.

        A cache that cannot be read or written is told of in ``warnings`` and costs no answer.
        """
        key = self._key(query)
        trouble: tuple[str, ...] = ()
        try:
            kept = await asyncio.to_thread(self._cache.get, key)
        except StorageError as error:
            kept, trouble = None, (say("warning.answers_unreadable", query.language, error=error),)
        if kept is not None:
            return replace(kept, cached=True)
        answer = await self._provider.search(query)
        if answer.hits and not trouble:
            try:
                await asyncio.to_thread(self._cache.put, key, answer)
            except StorageError as error:
                trouble = (say("warning.answer_not_kept", query.language, error=error),)
        return replace(answer, warnings=(*answer.warnings, *trouble))

    def _key(self, query: SearchQuery) -> str:
        parts = (self.name, " ".join(query.text.split()), query.language, query.limit, self._region)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _text(answer: SearchAnswer) -> str:
    hits = [(hit.url, hit.title, hit.snippet, hit.provider) for hit in answer.hits]
    return json.dumps({"hits": hits, "provider": answer.provider, "warnings": answer.warnings})


def _answer(text: str) -> SearchAnswer | None:
    """What ``_text`` wrote; None for a row that something else wrote."""
    try:
        data: dict[str, Any] = json.loads(text)
        hits = tuple(Hit(*map(str, hit)) for hit in data["hits"])
        return SearchAnswer(hits, str(data["provider"]), tuple(map(str, data["warnings"])))
    except (ValueError, TypeError, KeyError):
        return None
