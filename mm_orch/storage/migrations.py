"""The tables of sessions, messages and runs, and how they came to their present shape."""

from __future__ import annotations

import sqlite3

from mm_orch.database import Migrations

MIGRATIONS = Migrations("storage")


@MIGRATIONS
def create_sessions_messages_runs(connection: sqlite3.Connection) -> None:
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
