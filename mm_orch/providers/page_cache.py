"""Pages as they were read, on disk, so that asking again costs nothing: capped, the longest unused go first."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from mm_orch import __version__
from mm_orch.database import Database, Migrations
from mm_orch.errors import StorageError
from mm_orch.records.page import Page

logger = logging.getLogger(__name__)

_Outcome = TypeVar("_Outcome")

MIGRATIONS = Migrations("pages")
_ROW_BYTES = 512  # about what a row takes besides its text
_USED_WITHIN_S = 60.0  # a use is written down no more often than that
_COLUMNS = "final_url, title, media_type, warnings, etag, last_modified, stored, fresh_until, used, text"
_EVICT = (
    "DELETE FROM pages WHERE url IN (SELECT url FROM "
    "(SELECT url, sum(size) OVER (ORDER BY used DESC, rowid DESC) AS kept FROM pages) WHERE kept > ?)"
)


@MIGRATIONS
def create_pages(connection: sqlite3.Connection) -> None:
    """The table of pages."""
    connection.execute(
        "CREATE TABLE pages (url TEXT PRIMARY KEY, final_url TEXT NOT NULL, title TEXT NOT NULL, "
        "media_type TEXT NOT NULL, warnings TEXT NOT NULL, etag TEXT NOT NULL, last_modified TEXT NOT NULL, "
        "reader TEXT NOT NULL, stored REAL NOT NULL, fresh_until REAL NOT NULL, used REAL NOT NULL, "
        "size INTEGER NOT NULL, text BLOB NOT NULL)"
    )
    connection.execute("CREATE INDEX pages_by_use ON pages (used, size)")


@dataclass(frozen=True, slots=True)
class CachedPage:
    """``stored`` is when the server last vouched for it, ``fresh_until`` up to when nobody need ask again; both are
    seconds since the epoch.
    """

    page: Page
    stored: float
    fresh_until: float
    etag: str = ""
    last_modified: str = ""

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask whether it has changed; none where the server gave nothing to ask with."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


class PageCache:
    """At most ``max_bytes`` of packed text, in the database that ``open_database`` opens at first use.

    A cache is a convenience: when its file cannot be used, pages are read without it and ``warning`` says so.
    Every call is one transaction; a page that another version of MuAI read is not found.
    """

    def __init__(
        self, open_database: Callable[[], Database], max_bytes: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._open, self._max_bytes, self.clock = open_database, max_bytes, clock
        self._database: Database | None = None
        self._lock = threading.Lock()
        self._trouble: str | None = None
        self._told = False

    def get(self, url: str) -> CachedPage | None:
        """What is kept of ``url``, fresh or not."""
        return self._try(lambda database: self._get(database, url))

    def put(self, url: str, found: CachedPage) -> None:
        """Keep a page, and make room for it."""
        self._try(lambda database: self._put(database, url, found))

    def remove(self, url: str) -> None:
        """Forget a page."""
        self._try(lambda database: _remove(database, url))

    def warning(self) -> str | None:
        """Why the cache is not used, once; None when all is well."""
        if self._trouble is None or self._told:
            return None
        self._told = True
        return f"the page cache is not used: {self._trouble}"

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _try(self, use: Callable[[Database], _Outcome]) -> _Outcome | None:
        if self._trouble is not None:
            return None
        try:
            return use(self._opened())
        except StorageError as error:
            self._trouble = str(error)
            logger.warning("the page cache is not used: %s", error)
            return None

    def _opened(self) -> Database:
        with self._lock:
            if self._database is None:
                database = self._open()
                database.migrate(MIGRATIONS)
                with database.read() as connection:
                    connection.execute("PRAGMA synchronous = NORMAL")  # the last page may be lost, the file not
                self._database = database
            return self._database

    def _get(self, database: Database, url: str) -> CachedPage | None:
        query = f"SELECT {_COLUMNS} FROM pages WHERE url = ? AND reader = ?"
        with database.read() as connection:
            row = connection.execute(query, (url, __version__)).fetchone()
        if row is None:
            return None
        final_url, title, media_type, warnings, etag, last_modified, stored, fresh_until, used, packed = row
        now = self.clock()
        if not used <= now < used + _USED_WITHIN_S:
            with database.write() as connection:
                connection.execute("UPDATE pages SET used = ? WHERE url = ?", (now, url))
        try:
            text, told = zlib.decompress(packed).decode("utf-8"), tuple(json.loads(warnings))
        except (zlib.error, ValueError):
            return None  # a row that was not written here
        page = Page(final_url, title, text, media_type, told)
        return CachedPage(page, stored, fresh_until, etag, last_modified)

    def _put(self, database: Database, url: str, found: CachedPage) -> None:
        page, packed = found.page, zlib.compress(found.page.text.encode("utf-8", "replace"))
        row = (
            url, page.url, page.title, page.media_type, json.dumps(page.warnings), found.etag, found.last_modified,
            __version__, found.stored, found.fresh_until, self.clock(), len(packed) + _ROW_BYTES, packed,
        )  # fmt: skip
        with database.write() as connection:
            connection.execute(f"INSERT OR REPLACE INTO pages VALUES ({', '.join('?' * len(row))})", row)
            (total,) = connection.execute("SELECT sum(size) FROM pages").fetchone()
            if total > self._max_bytes:
                connection.execute(_EVICT, (self._max_bytes,))


def _remove(database: Database, url: str) -> None:
    with database.write() as connection:
        connection.execute("DELETE FROM pages WHERE url = ?", (url,))
