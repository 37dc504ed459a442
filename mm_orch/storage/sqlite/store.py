"""The ``Store`` on SQLite: sessions, messages and runs, and which process works on which run."""

from __future__ import annotations

import contextlib
import json
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mm_orch.database import Database
from mm_orch.errors import StorageError, UnknownName
from mm_orch.records.query import Query
from mm_orch.records.session import Ending, Run, Session, StoredMessage
from mm_orch.storage import rules
from mm_orch.storage.sqlite import owner
from mm_orch.storage.sqlite.migrations import MIGRATIONS
from mm_orch.storage.sqlite.tapes import SqliteTapes
from mm_orch.storage.sqlite.transactions import reading, writing

_NAMED_IN_ERRORS = 10
_SESSION = (
    "SELECT id, title, created, updated, "
    "(SELECT count(*) FROM messages WHERE session_id = sessions.id) FROM sessions "
)
_RUN = "SELECT id, session_id, query, workflow, status, created, ended, document, last_seq FROM runs "


class SqliteStore(SqliteTapes):
    """All that is stored, in ``database``. ``clock`` gives epoch seconds.

    Tapes may take up ``tape_bytes`` in all, compressed. Opening it marks the runs of processes that are gone as
    interrupted.
    """

    def __init__(self, database: Database, tape_bytes: int = 0, clock: Callable[[], float] = time.time) -> None:
        super().__init__(database, tape_bytes)
        database.migrate(MIGRATIONS)
        self._clock = clock
        self._owner = None if database.path is None else owner.Owner(database.path.parent / owner.FOLDER)
        if self._owner is not None:
            # What cannot be written now is left to the next opening.
            with contextlib.suppress(StorageError):
                self._interrupt_abandoned(self._owner.folder)

    @reading
    def sessions(self, connection: sqlite3.Connection) -> list[Session]:
        """All sessions, the one last used first."""
        return [Session(*row) for row in connection.execute(_SESSION + "ORDER BY updated DESC, rowid DESC")]

    @reading
    def session(self, connection: sqlite3.Connection, session_id: str) -> Session:
        """The session of that id; ``UnknownName`` if there is none."""
        row = connection.execute(_SESSION + "WHERE id = ?", (session_id,)).fetchone()
        if row is None:
            raise _unknown(connection, "session", session_id, "updated")
        return Session(*row)

    @reading
    def messages(self, connection: sqlite3.Connection, session_id: str) -> list[StoredMessage]:
        """What was said in a session, oldest first; nothing where there is none of that id."""
        query = "SELECT role, content, created, run_id FROM messages WHERE session_id = ? ORDER BY number"
        return [StoredMessage(*row) for row in connection.execute(query, (session_id,))]

    @writing
    def delete_session(self, connection: sqlite3.Connection, session_id: str) -> None:
        """Delete a session with its messages, runs and tapes; ``UnknownName`` if there is none."""
        if not connection.execute("DELETE FROM sessions WHERE id = ?", (session_id,)).rowcount:
            raise _unknown(connection, "session", session_id, "updated")

    @writing
    def begin(self, connection: sqlite3.Connection, query: Query) -> Run:
        """Store that ``query`` is worked on: its session, made if there is none, its text as a message, its run."""
        now, session_id = self._clock(), rules.session_name(query.session_id)
        run = Run(secrets.token_hex(6), session_id, query.text, "", "running", now)
        connection.execute(
            "INSERT INTO sessions VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (session_id, rules.title(query.text), now, now),
        )
        connection.execute(
            "INSERT INTO runs (id, session_id, query, workflow, status, created, owner) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (run.id, session_id, run.query, run.workflow, run.status, now, self._name()),
        )
        _say(connection, run, "user", query.text, now)
        return run

    @writing
    def reopen(self, connection: sqlite3.Connection, run_id: str) -> Run:
        """A run that failed or was interrupted is running again; ``InvalidInput`` for any other.

        The part of an answer that it had stored is taken out of its session: the whole one will take its place.
        """
        run = _found(connection, run_id)
        if run.status not in rules.RESUMABLE:
            raise rules.not_resumable(run)
        connection.execute(
            "UPDATE runs SET status = 'running', owner = ?, ended = NULL WHERE id = ?", (self._name(), run_id)
        )
        connection.execute("DELETE FROM messages WHERE run_id = ? AND role = 'assistant'", (run_id,))
        return _found(connection, run_id)

    @writing
    def end(self, connection: sqlite3.Connection, run_id: str, ending: Ending) -> None:
        """Store how a run ended, and its answer as the session's last message."""
        now, document = self._clock(), json.dumps(ending.document, ensure_ascii=False)
        if ending.answer is not None:
            _say(connection, _found(connection, run_id), "assistant", ending.answer, now)
        connection.execute(
            "UPDATE runs SET workflow = ?, status = ?, ended = ?, document = ?, last_seq = ? WHERE id = ?",
            (ending.workflow, ending.status, now, document, ending.last_seq, run_id),
        )

    @reading
    def runs(self, connection: sqlite3.Connection, limit: int = 50) -> list[Run]:
        """The last ``limit`` runs, newest first."""
        return [
            _run(row) for row in connection.execute(_RUN + "ORDER BY created DESC, rowid DESC LIMIT ?", (limit,))
        ]

    @reading
    def run(self, connection: sqlite3.Connection, run_id: str) -> Run:
        """The run of that id; ``UnknownName`` if there is none."""
        return _found(connection, run_id)

    def close(self) -> None:
        """Close the database; runs that are under way are nobody's then."""
        if self._owner is not None:
            self._owner.close()
        self.database.close()

    def _name(self) -> str | None:
        return None if self._owner is None else self._owner.name

    def _interrupt_abandoned(self, owners: Path) -> None:
        with self.database.read() as connection:
            running = connection.execute("SELECT DISTINCT owner FROM runs WHERE status = 'running'").fetchall()
        gone = [(self._clock(), name) for (name,) in running if name is None or owner.is_gone(owners, name)]
        if gone:
            with self.database.write() as connection:
                connection.executemany(
                    "UPDATE runs SET status = 'interrupted', ended = ? WHERE status = 'running' AND owner IS ?",
                    gone,
                )
        owner.sweep(owners)


def _found(connection: sqlite3.Connection, run_id: str) -> Run:
    row = connection.execute(_RUN + "WHERE id = ?", (run_id,)).fetchone()
    if row is None:
        raise _unknown(connection, "run", run_id, "created")
    return _run(row)


def _run(row: tuple[Any, ...]) -> Run:
    run = Run(*row)
    return run if run.document is None else replace(run, document=json.loads(row[7]))


def _say(connection: sqlite3.Connection, run: Run, role: str, content: str, now: float) -> None:
    connection.execute(
        "INSERT INTO messages (session_id, run_id, role, content, created) VALUES (?, ?, ?, ?, ?)",
        (run.session_id, run.id, role, content, now),
    )
    connection.execute("UPDATE sessions SET updated = ? WHERE id = ?", (now, run.session_id))


def _unknown(connection: sqlite3.Connection, kind: str, name: str, order: str) -> UnknownName:
    rows = connection.execute(f"SELECT id FROM {kind}s ORDER BY {order} DESC LIMIT ?", (_NAMED_IN_ERRORS,))
    return UnknownName(kind, name, [row[0] for row in rows])
