"""The ``SessionStore`` on SQLite."""

from __future__ import annotations

import sqlite3

from mm_orch.errors import UnknownName
from mm_orch.records.session import Session, StoredMessage
from mm_orch.storage.sqlite.transactions import Stored, reading, writing

_NAMED_IN_ERRORS = 10
_SESSION = (
    "SELECT id, title, created, updated, "
    "(SELECT count(*) FROM messages WHERE session_id = sessions.id) FROM sessions "
)


class SqliteSessions(Stored):
    """Conversations, and what was said in them."""

    @reading
    def sessions(self, connection: sqlite3.Connection) -> list[Session]:
        """All sessions, the one last used first."""
        return [Session(*row) for row in connection.execute(_SESSION + "ORDER BY updated DESC, rowid DESC")]

    @reading
    def session(self, connection: sqlite3.Connection, session_id: str) -> Session:
        """The session of that id; ``UnknownName`` if there is none."""
        row = connection.execute(_SESSION + "WHERE id = ?", (session_id,)).fetchone()
        if row is None:
            raise unknown(connection, "session", session_id, "updated")
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
            raise unknown(connection, "session", session_id, "updated")


def unknown(connection: sqlite3.Connection, kind: str, name: str, order: str) -> UnknownName:
    """The error that names the last of the ``kind``s that there are."""
    rows = connection.execute(f"SELECT id FROM {kind}s ORDER BY {order} DESC LIMIT ?", (_NAMED_IN_ERRORS,))
    return UnknownName(kind, name, [row[0] for row in rows])
