"""The ``RunStore`` on SQLite, and which process works on which run."""

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
from mm_orch.errors import StorageError
from mm_orch.records.query import Query
from mm_orch.records.session import Ending, Run
from mm_orch.storage import rules
from mm_orch.storage.sqlite import owner
from mm_orch.storage.sqlite.sessions import unknown
from mm_orch.storage.sqlite.transactions import Stored, reading, writing

_RUN = "SELECT id, session_id, query, workflow, status, created, ended, document, last_seq FROM runs "


class SqliteRuns(Stored):
    """What became of each query. ``clock`` gives epoch seconds.

    Opening it marks the runs of processes that are gone as interrupted.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        super().__init__(database)
        self._clock = clock
        self._owner = None if database.path is None else owner.Owner(database.path.parent / owner.FOLDER)
        if self._owner is not None:
            # What cannot be written now is left to the next opening.
            with contextlib.suppress(StorageError):
                self._interrupt_abandoned(self._owner.folder)

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
        raise unknown(connection, "run", run_id, "created")
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
