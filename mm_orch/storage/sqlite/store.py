"""All that is stored, behind one handle on muai.db."""

from __future__ import annotations

import time
from collections.abc import Callable

from mm_orch.database import Database
from mm_orch.storage.sqlite.migrations import MIGRATIONS
from mm_orch.storage.sqlite.runs import SqliteRuns
from mm_orch.storage.sqlite.sessions import SqliteSessions
from mm_orch.storage.sqlite.tapes import SqliteTapes


class SqliteStore(SqliteSessions, SqliteRuns, SqliteTapes):
    """Sessions, runs and tapes in ``database``; tapes may take up ``tape_bytes`` in all, compressed."""

    def __init__(self, database: Database, tape_bytes: int = 0, clock: Callable[[], float] = time.time) -> None:
        database.migrate(MIGRATIONS)
        super().__init__(database, clock)
        self.tape_bytes = tape_bytes
