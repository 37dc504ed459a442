"""The ``RunStore`` on SQLite: conversations and what became of each query in them."""

from __future__ import annotations

import contextlib
import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mm_orch.database import Database
from mm_orch.errors import InvalidInput, StorageError, UnknownName
from mm_orch.records.message import Message
from mm_orch.records.session import Run, RunStatus, Session, StoredMessage
from mm_orch.storage import owner
from mm_orch.storage.migrations import MIGRATIONS

TITLE_LENGTH = 60
_NAMED_IN_ERRORS = 10
_SESSION = (
    "SELECT id, title, created, updated, "
    "(SELECT count(*) FROM messages WHERE session_id = sessions.id) FROM sessions "
)
_RUN = "SELECT id, session_id, query, workflow, status, created, ended, document FROM runs "


class SqliteRunStore:
    """Sessions, messages and runs in ``database``; every call is one transaction. ``clock`` gives epoch seconds.

    Opening it marks the runs of processes that are gone as interrupted.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self._clock = clock
        database.migrate(MIGRATIONS)
        self._owners = None if database.path is None else database.path.parent / owner.FOLDER
        self._owner = None if self._owners is None else owner.Owner(self._owners)
        if self._owners is not None:
            # What cannot be written now is left to the next opening.
            with contextlib.suppress(StorageError):
                self._interrupt_abandoned(self._owners)

    def open_session(self, session_id: str | None, title: str) -> Session:
        """The session of that id, made with ``title`` if there is none; None makes a new one."""
        identity = secrets.token_hex(4) if session_id is None else _checked(session_id)
        now = self._clock()
        with self.database.write() as connection:
            row = (identity, shortened(title), now, now)
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", row)
            found = connection.execute(_SESSION + "WHERE id = ?", (identity,)).fetchone()
        return Session(*found)

    def session(self, session_id: str) -> Session:
        """The session of that id; ``UnknownName`` if there is none."""
        with self.database.read() as connection:
            row = connection.execute(_SESSION + "WHERE id = ?", (session_id,)).fetchone()
            if row is None:
                raise _unknown(connection, "session", session_id, "sessions", "updated")
        return Session(*row)

    def messages(self, session_id: str) -> list[StoredMessage]:
        """What was said in a session, oldest first."""
        query = "SELECT role, content, created, run_id FROM messages WHERE session_id = ? ORDER BY number"
        with self.database.read() as connection:
            return [StoredMessage(*row) for row in connection.execute(query, (session_id,))]

    def append_message(self, session_id: str, message: Message, run_id: str | None = None) -> None:
        """Store what one side said, as the session's last message."""
        now = self._clock()
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO messages (session_id, run_id, role, content, created) VALUES (?, ?, ?, ?, ?)",
                (session_id, run_id, message.role, message.content, now),
            )
            connection.execute("UPDATE sessions SET updated = ? WHERE id = ?", (now, session_id))

    def start_run(self, session_id: str, query: str) -> Run:
        """Store that a query is being worked on."""
        run = Run(secrets.token_hex(6), session_id, query, workflow="", status="running", created=self._clock())
        worker = self._owner and self._owner.name
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO runs (id, session_id, query, workflow, status, created, owner) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (run.id, session_id, query, run.workflow, run.status, run.created, worker),
            )
        return run

    def reopen_run(self, run_id: str) -> Run:
        """A run that failed or was interrupted is running again; ``InvalidInput`` for any other.

        The part of an answer that it had stored is taken out of its session: the whole one will take its place.
        """
        worker = self._owner and self._owner.name
        with self.database.write() as connection:
            done = connection.execute(
                "UPDATE runs SET status = 'running', owner = ?, ended = NULL "
                "WHERE id = ? AND status IN ('failed', 'interrupted')",
                (worker, run_id),
            )
            if done.rowcount:
                connection.execute("DELETE FROM messages WHERE run_id = ? AND role = 'assistant'", (run_id,))
        run = self.run(run_id)
        if not done.rowcount:
            raise _not_resumable(run)
        return run

    def finish_run(self, run_id: str, workflow: str, status: RunStatus, document: Mapping[str, Any] | None) -> None:
        """Store how a run ended, with its ``--json`` document."""
        text = None if document is None else json.dumps(document, ensure_ascii=False)
        with self.database.write() as connection:
            connection.execute(
                "UPDATE runs SET workflow = ?, status = ?, ended = ?, document = ? WHERE id = ?",
                (workflow, status, self._clock(), text, run_id),
            )

    def sessions(self) -> list[Session]:
        """All sessions, the one last used first."""
        with self.database.read() as connection:
            return [Session(*row) for row in connection.execute(_SESSION + "ORDER BY updated DESC, rowid DESC")]

    def delete_session(self, session_id: str) -> None:
        """Delete a session with its messages and runs; ``UnknownName`` if there is none."""
        with self.database.write() as connection:
            if not connection.execute("DELETE FROM sessions WHERE id = ?", (session_id,)).rowcount:
                raise _unknown(connection, "session", session_id, "sessions", "updated")

    def runs(self, limit: int = 50) -> list[Run]:
        """The last ``limit`` runs, newest first."""
        with self.database.read() as connection:
            rows = connection.execute(_RUN + "ORDER BY created DESC, rowid DESC LIMIT ?", (limit,))
            return [_run(row) for row in rows]

    def run(self, run_id: str) -> Run:
        """The run of that id; ``UnknownName`` if there is none."""
        with self.database.read() as connection:
            row = connection.execute(_RUN + "WHERE id = ?", (run_id,)).fetchone()
            if row is None:
                raise _unknown(connection, "run", run_id, "runs", "created")
        return _run(row)

    def close(self) -> None:
        """Close the database."""
        if self._owner is not None:
            self._owner.close()
        self.database.close()

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


def shortened(text: str) -> str:
    """``text`` on one line, of at most ``TITLE_LENGTH`` characters."""
    line = " ".join(text[: TITLE_LENGTH * 4].split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"


def _checked(session_id: str) -> str:
    if not session_id.strip() or not session_id.isprintable() or len(session_id) > 200:
        raise InvalidInput(
            f"session {session_id[:40]!r} is no usable name", hint="Give 1 to 200 printable characters"
        )
    return session_id


def _run(row: tuple[Any, ...]) -> Run:
    identity, session_id, query, workflow, status, created, ended, text = row
    document = None if text is None else json.loads(text)
    return Run(identity, session_id, query, workflow, status, created, ended, document)


def _not_resumable(run: Run) -> InvalidInput:
    if run.status == "running":
        hint = "It is being worked on by another MuAI; wait for it to end"
    else:
        hint = f"muai runs show {run.id} shows it, muai runs replay {run.id} answers again from what was recorded"
    return InvalidInput(f"run {run.id!r} cannot be resumed: its status is {run.status!r}", hint=hint)


def _unknown(connection: sqlite3.Connection, kind: str, name: str, table: str, order: str) -> UnknownName:
    rows = connection.execute(f"SELECT id FROM {table} ORDER BY {order} DESC LIMIT ?", (_NAMED_IN_ERRORS,))
    return UnknownName(kind, name, [row[0] for row in rows])
