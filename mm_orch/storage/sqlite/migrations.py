"""The tables of sessions, messages and runs, and how they came to their present shape."""

from __future__ import annotations

import sqlite3

from mm_orch.database import Migrations

MIGRATIONS = Migrations("storage")


@MIGRATIONS
def create_sessions_messages_runs(connection: sqlite3.Connection) -> None:
    """The tables of sessions, messages and runs."""
    connection.execute(
        "CREATE TABLE sessions "
        "(id TEXT PRIMARY KEY, title TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL)"
    )
    connection.execute(
        "CREATE TABLE runs (id TEXT PRIMARY KEY, "
        "session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE, query TEXT NOT NULL, "
        "workflow TEXT NOT NULL, status TEXT NOT NULL, created REAL NOT NULL, ended REAL, document TEXT)"
    )
    connection.execute(
        "CREATE TABLE messages (number INTEGER PRIMARY KEY, "
        "session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE, "
        "run_id TEXT REFERENCES runs(id) ON DELETE SET NULL, "
        "role TEXT NOT NULL, content TEXT NOT NULL, created REAL NOT NULL)"
    )
    connection.execute("CREATE INDEX messages_of_session ON messages (session_id, number)")
    connection.execute("CREATE INDEX messages_of_run ON messages (run_id)")
    connection.execute("CREATE INDEX runs_of_session ON runs (session_id)")
    connection.execute("CREATE INDEX runs_by_time ON runs (created)")


@MIGRATIONS
def record_what_runs_asked(connection: sqlite3.Connection) -> None:
    """``blobs`` are JSON texts, compressed, under their SHA-256; ``tapes`` say which of them a run asked and got.

    A blob goes with the last tape that names it. ``runs.owner`` is who works on a run.
    """
    connection.execute("ALTER TABLE runs ADD COLUMN owner TEXT")
    connection.execute("UPDATE runs SET status = 'interrupted', ended = created WHERE status = 'running'")
    connection.execute("CREATE INDEX runs_running ON runs (owner) WHERE status = 'running'")
    connection.execute("CREATE TABLE blobs (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, content BLOB NOT NULL)")
    connection.execute("CREATE INDEX blobs_by_size ON blobs (size)")
    connection.execute(
        "CREATE TABLE tapes (run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, number INTEGER NOT NULL, "
        "seam TEXT NOT NULL, step TEXT NOT NULL, key TEXT NOT NULL, request TEXT REFERENCES blobs(sha256), "
        "answer TEXT NOT NULL REFERENCES blobs(sha256), failed INTEGER NOT NULL, "
        "PRIMARY KEY (run_id, number)) WITHOUT ROWID"
    )
    connection.execute("CREATE INDEX tapes_by_request ON tapes (request)")
    connection.execute("CREATE INDEX tapes_by_answer ON tapes (answer)")
    connection.execute(
        "CREATE TRIGGER tapes_free_blobs AFTER DELETE ON tapes BEGIN "
        "DELETE FROM blobs WHERE sha256 IN (OLD.request, OLD.answer) "
        "AND NOT EXISTS (SELECT 1 FROM tapes WHERE answer = blobs.sha256) "
        "AND NOT EXISTS (SELECT 1 FROM tapes WHERE request = blobs.sha256); END"
    )


@MIGRATIONS
def count_events_of_runs(connection: sqlite3.Connection) -> None:
    """``runs.last_seq`` numbers the last event of a run; one that is resumed counts on from it."""
    connection.execute("ALTER TABLE runs ADD COLUMN last_seq INTEGER NOT NULL DEFAULT 0")
