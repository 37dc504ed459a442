"""Tapes hold each text once, in as many bytes as allowed."""

from __future__ import annotations

import os
import sqlite3
from itertools import count

import pytest

from mm_orch.database import Database
from mm_orch.errors import StorageError
from mm_orch.records.query import Query
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.records.session import Ending
from mm_orch.storage.sqlite.store import SqliteStore


@pytest.fixture
def store() -> SqliteStore:
    ticks = count(1000)
    return SqliteStore(Database(None), 1500, lambda: next(ticks))


def call(number: int, answer: object, request: object = "q") -> RecordedCall:
    return RecordedCall(number, "fetch", "read", "key", request, answer, failed=False)


async def ended_run(store: SqliteStore) -> str:
    run = await store.begin(Query("q", session_id="s"))
    await store.end(run.id, Ending("ok", "w", None, {}))
    return run.id


def blobs(store: SqliteStore) -> int:
    with store.database.read() as connection:
        return int(connection.execute("SELECT count(*) FROM blobs").fetchone()[0])


async def test_a_call_whose_request_was_not_kept_comes_back_so(store: SqliteStore) -> None:
    run = await ended_run(store)
    await store.add_calls(run, [call(1, "page", None)])
    assert await store.calls(run) == [call(1, "page", None)]


async def test_the_same_page_in_two_runs_is_kept_once(store: SqliteStore) -> None:
    for _ in range(2):
        await store.add_calls(await ended_run(store), [call(1, "the same page")])
    assert blobs(store) == 2  # the request and the page


async def test_the_oldest_tapes_go_first_and_shared_texts_stay(store: SqliteStore) -> None:
    runs = [await ended_run(store) for _ in range(4)]
    for run in runs:
        await store.add_calls(run, [call(1, os.urandom(500).hex()), call(2, "shared")])
    dropped = await store.trim_tapes()
    assert dropped == runs[: len(dropped)] != []
    kept = runs[len(dropped) :]
    assert kept
    assert [(await store.calls(run))[1].answer for run in kept] == ["shared"] * len(kept)
    assert [await store.calls(run) for run in dropped] == [[]] * len(dropped)
    assert (await store.run(dropped[0])).status == "ok"
    assert await store.trim_tapes() == []


async def test_the_tape_of_a_run_that_still_runs_stays(store: SqliteStore) -> None:
    running = await store.begin(Query("q"))
    await store.add_calls(running.id, [call(1, os.urandom(2000).hex())])
    assert await store.trim_tapes() == []
    assert len(await store.calls(running.id)) == 1


async def test_a_deleted_session_takes_its_tapes_and_their_texts_along(store: SqliteStore) -> None:
    await store.add_calls(await ended_run(store), [call(1, "page"), call(2, "other")])
    await store.delete_session("s")
    assert blobs(store) == 0
    assert store.database.integrity() == []


async def test_calls_are_kept_all_or_none(store: SqliteStore) -> None:
    run = await ended_run(store)
    with pytest.raises(StorageError):
        await store.add_calls(run, [call(1, "page"), call(1, "the same number")])
    assert await store.calls(run) == []


async def test_a_damaged_answer_is_named(store: SqliteStore) -> None:
    run = await ended_run(store)
    await store.add_calls(run, [call(1, "page")])
    with store.database.write() as connection:
        connection.execute("UPDATE blobs SET content = ?", (sqlite3.Binary(b"rubbish"),))
    with pytest.raises(StorageError, match="damaged"):
        await store.calls(run)
