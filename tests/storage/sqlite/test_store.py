"""Runs of processes that are gone are interrupted; a list stays fast however many runs there are."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from mm_orch.database import Database, Migrations
from mm_orch.errors import StorageError
from mm_orch.records.query import Query
from mm_orch.records.session import Ending
from mm_orch.storage.sqlite.migrations import MIGRATIONS
from mm_orch.storage.sqlite.store import SqliteStore

OK = Ending("ok", "w", None, {})


async def test_a_store_opened_again_finds_what_was_said(tmp_path: Path) -> None:
    first = SqliteStore(Database(tmp_path / "muai.db"))
    run = await first.begin(Query("hello"))
    first.close()
    second = SqliteStore(Database(tmp_path / "muai.db"))
    assert [message.content for message in await second.messages(run.session_id)] == ["hello"]
    second.close()


async def test_a_beginning_that_fails_leaves_nothing_behind() -> None:
    database = Database(None)
    store = SqliteStore(database)
    with database.write() as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    with pytest.raises(StorageError, match="no room"):
        await store.begin(Query("hello"))
    assert (await store.sessions(), await store.runs()) == ([], [])


async def test_an_end_that_fails_leaves_the_run_as_it_was() -> None:
    database = Database(None)
    store = SqliteStore(database)
    run = await store.begin(Query("hello"))
    with database.write() as connection:
        connection.execute("CREATE TRIGGER full BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, 'no room'); END")
    with pytest.raises(StorageError, match="no room"):
        await store.end(run.id, Ending("ok", "w", "Hello.", {}))
    assert await store.run(run.id) == run
    assert len(await store.messages(run.session_id)) == 1


async def test_runs_of_those_who_are_gone_are_interrupted_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "muai.db"
    lives, gone = SqliteStore(Database(path)), SqliteStore(Database(path))
    kept, left = [(await each.begin(Query("q"))).id for each in (lives, gone)]
    gone.close()
    opened = SqliteStore(Database(path))
    assert ((await opened.run(kept)).status, (await opened.run(left)).status) == ("running", "interrupted")
    assert (await opened.run(left)).ended is not None
    opened.close()
    await lives.end(kept, OK)
    assert (await lives.run(kept)).status == "ok"
    lives.close()
    assert list((tmp_path / "running").iterdir()) == []


async def test_runs_of_a_muai_that_recorded_no_owner_are_interrupted(tmp_path: Path) -> None:
    database = Database(tmp_path / "muai.db")
    old = Migrations(MIGRATIONS.room)
    old.steps = MIGRATIONS.steps[:1]
    database.migrate(old)
    with database.write() as connection:
        connection.execute("INSERT INTO sessions VALUES ('s', 't', 1, 1)")
        connection.execute("INSERT INTO runs VALUES ('r', 's', 'q', '', 'running', 1, NULL, NULL)")
    store = SqliteStore(database)
    assert (await store.run("r")).status == "interrupted"
    store.close()


async def test_lists_stay_fast_with_ten_thousand_runs(tmp_path: Path) -> None:
    database = Database(tmp_path / "muai.db")
    store = SqliteStore(database)
    document = json.dumps({"answer": "word " * 400})
    with database.write() as connection:
        for at in range(10_000):
            connection.execute("INSERT INTO sessions VALUES (?, 'title', ?, ?)", (f"s{at}", at, at))
            connection.execute(
                "INSERT INTO runs VALUES (?, ?, 'q', 'w', 'ok', ?, ?, ?, NULL, 0)",
                (f"r{at}", f"s{at}", at, at, document),
            )
            connection.execute("INSERT INTO messages VALUES (NULL, ?, ?, 'user', 'q', ?)", (f"s{at}", f"r{at}", at))
    store.close()
    started = time.perf_counter()
    opened = SqliteStore(Database(tmp_path / "muai.db"))
    runs, opened_and_listed = await opened.runs(), time.perf_counter() - started
    sessions = await opened.sessions()
    all_listed = time.perf_counter() - started
    opened.close()
    assert (len(runs), runs[0].id, len(sessions), sessions[0].messages) == (50, "r9999", 10_000, 1)
    assert opened_and_listed < 1.0
    assert all_listed < 3.0
