"""A database of every earlier shape comes to the present one with what it held."""

from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch.database import Database, Migrations
from mm_orch.storage.sqlite.migrations import MIGRATIONS
from mm_orch.storage.sqlite.store import SqliteStore


@pytest.mark.parametrize("steps", range(1, len(MIGRATIONS.steps)))
async def test_runs_of_an_earlier_shape_are_read(tmp_path: Path, steps: int) -> None:
    database = Database(tmp_path / "muai.db")
    old = Migrations(MIGRATIONS.room)
    old.steps = MIGRATIONS.steps[:steps]
    database.migrate(old)
    with database.write() as connection:
        connection.execute("INSERT INTO sessions VALUES ('s', 't', 1, 1)")
        connection.execute(
            "INSERT INTO runs (id, session_id, query, workflow, status, created, ended, document) "
            "VALUES ('r', 's', 'q', 'w', 'ok', 1, 2, '{}')"
        )
    store = SqliteStore(database)
    run = await store.run("r")
    assert (run.query, run.status, run.document, run.last_seq) == ("q", "ok", {}, 0)
    assert await store.calls("r") == []
    store.close()
