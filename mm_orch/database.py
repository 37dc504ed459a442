"""Opens muai.db, the one file of state, and applies the migrations that rooms register.

What the tables mean is the rooms' affair. Nothing here deletes, replaces or repairs a user's file.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from mm_orch.errors import StorageError

FILE_NAME = "muai.db"
BUSY_TIMEOUT_S = 5.0

Step = Callable[[sqlite3.Connection], None]

_TABLE = (
    "CREATE TABLE IF NOT EXISTS migrations "
    "(room TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, applied REAL NOT NULL, "
    "PRIMARY KEY (room, number))"
)


class Migrations:
    """The numbered steps that bring one room's tables to their present shape.

    Steps are added with the instance as a decorator, in the order they run. One that was released is never edited.
    """

    def __init__(self, room: str) -> None:
        self.room = room
        self.steps: list[Step] = []

    def __call__(self, step: Step) -> Step:
        self.steps.append(step)
        return step


class Database:
    """One SQLite file, shared by the threads of this process and by other processes.

    ``path`` None keeps everything in memory. Raises ``StorageError``, which says what to do, when the file cannot
    be opened, read or written; the file is then as it was.
    """

    def __init__(self, path: Path | None, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._busy_timeout_s = busy_timeout_s
        with self._explained():
            if path is not None:
                _make_private(path)
            self._connection = sqlite3.connect(
                ":memory:" if path is None else path,
                timeout=busy_timeout_s,
                isolation_level=None,
                check_same_thread=False,
            )
        try:
            with self._explained():
                self._prepare()
        except StorageError:
            self._connection.close()
            raise

    @classmethod
    def open(cls, home: Path) -> Database:
        """The database of the MuAI home folder ``home``, made if there is none."""
        return cls(home / FILE_NAME)

    def migrate(self, migrations: Migrations) -> None:
        """Apply the steps of a room that this file has not seen; a file of a newer MuAI is refused untouched.

        Before tables change that are in muai.db already, it is copied to ``muai.db.before-ROOM-NUMBER``.
        """
        with self.read() as connection:
            if _applied(connection, migrations.room) == len(migrations.steps):
                return
        with self.write() as connection:
            done = _applied(connection, migrations.room)
            if done > len(migrations.steps):
                hint = "Update MuAI, or set MUAI_HOME to another folder"
                raise StorageError(f"{self._name} was written by a newer version of MuAI", hint=hint)
            if done:
                self._copy_aside(f"{migrations.room}-{done + 1}")
            for number, step in enumerate(migrations.steps[done:], start=done + 1):
                step(connection)
                row = (migrations.room, number, step.__name__, time.time())
                connection.execute("INSERT INTO migrations VALUES (?, ?, ?, ?)", row)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """The connection, for statements that change nothing."""
        with self._lock, self._explained():
            yield self._connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """The connection in one transaction: all of it is kept, or nothing when an error passes."""
        with self._lock, self._explained():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def integrity(self) -> list[str]:
        """What SQLite finds wrong with the file; empty when it is sound."""
        try:
            with self.read() as connection:
                found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
                orphans = [str(row[0]) for row in connection.execute("PRAGMA foreign_key_check")]
        except StorageError as error:
            return [str(error)]
        return [line for line in found if line != "ok"] + [f"{table}: a row points to nothing" for table in orphans]

    def close(self) -> None:
        """Close the file. Closing twice is fine."""
        with self._lock:
            self._connection.close()

    def _copy_aside(self, change: str) -> None:
        """What a person keeps is copied; caches, which other files are, are not."""
        if self.path is None or self.path.name != FILE_NAME:
            return
        path = self.path.with_name(f"{FILE_NAME}.before-{change}")
        _make_private(path)
        # Read by a connection of its own: SQLite copies nothing through one that is in a write transaction.
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)

    @property
    def _name(self) -> str:
        return f"the database {str(self.path)!r}" if self.path else "the database in memory"

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA foreign_keys = ON")
        if self.path is not None:
            self._use_wal()
        with self.read() as connection:
            found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone()
        if not found:
            with self.write() as connection:
                connection.execute(_TABLE)

    def _use_wal(self) -> None:
        # SQLite does not apply the busy timeout to the change of journal mode, so two first starts would collide.
        deadline = time.monotonic() + self._busy_timeout_s
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            what, hint = _explanation(error)
            raise StorageError(f"{self._name} {what} ({error})", hint=hint) from error


def _applied(connection: sqlite3.Connection, room: str) -> int:
    row = connection.execute("SELECT coalesce(max(number), 0) FROM migrations WHERE room = ?", (room,)).fetchone()
    return int(row[0])


def _make_private(path: Path) -> None:
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    elif os.name == "posix" and path.stat().st_mode & 0o077 and path.stat().st_uid == os.getuid():
        path.chmod(0o600)


def _code(error: Exception) -> int:
    """The primary SQLite result code: extended codes keep it in their low byte."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _explanation(error: Exception) -> tuple[str, str]:
    code = _code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "is locked by another program", "Wait for it to finish, or close it, and try again"
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return (
            "is damaged",
            "Nothing was changed. Move the file away to start a new one; keep it if it matters to you",
        )
    if code == sqlite3.SQLITE_FULL:
        return "cannot grow", "Free some disk space and try again"
    if isinstance(error, OSError) or code in (
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    ):
        hint = (
            "Make its folder writable, set MUAI_HOME to one that is, or MUAI_STORAGE__KEEP=false to store nothing"
        )
        return "cannot be written", hint
    return "failed", "See `muai doctor`"
