"""Tapes hold what runs asked, each text once, in as many bytes as allowed."""

from __future__ import annotations

import os
import sqlite3
from itertools import count

import pytest

from mm_orch.database import Database
from mm_orch.errors import StorageError
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.storage.run_store import SqliteRunStore
from mm_orch.storage.tapes import Tapes


@pytest.fixture
def database() -> Database:
    return Database(None)


@pytest.fixture
def store(database: Database) -> SqliteRunStore:
    ticks = count(1000)
    return SqliteRunStore(database, lambda: next(ticks))


def call(number: int, answer: object, request: object = "q", *, failed: bool = False) -> RecordedCall:
    return RecordedCall(number, "fetch", "read", "key", request, answer, failed)


def ended_run(store: SqliteRunStore) -> str:
    run = store.start_run(store.open_session("s", "q").id, "q").id
    store.finish_run(run, "w", "ok", {})
    return run


def blobs(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute("SELECT count(*) FROM blobs").fetchone()[0])


def test_calls_come_back_in_order(database: Database, store: SqliteRunStore) -> None:
    tapes, run = Tapes(database, 10**6), ended_run(store)
    calls = [call(1, {"text": "茶 \ud800"}), call(2, [1.5, None], None, failed=True)]
    tapes.add(run, calls)
    assert tapes.calls(run) == calls
    assert tapes.calls("nothing") == []


def test_the_same_page_in_two_runs_is_kept_once(database: Database, store: SqliteRunStore) -> None:
    tapes = Tapes(database, 10**6)
    for _ in range(2):
        tapes.add(ended_run(store), [call(1, "the same page")])
    assert blobs(database) == 2  # the request and the page


def test_the_oldest_tapes_go_first_and_shared_texts_stay(database: Database, store: SqliteRunStore) -> None:
    tapes, runs = Tapes(database, 1500), [ended_run(store) for _ in range(4)]
    for run in runs:
        tapes.add(run, [call(1, os.urandom(500).hex()), call(2, "shared")])
    before = tapes.size()
    dropped = tapes.trim()
    assert before > 1500 >= tapes.size()
    assert dropped == runs[: len(dropped)] != []
    kept = runs[len(dropped) :]
    assert all(tapes.calls(run)[1].answer == "shared" for run in kept)
    assert store.run(dropped[0]).status == "ok"


def test_the_tape_of_a_run_that_still_runs_stays(database: Database, store: SqliteRunStore) -> None:
    tapes = Tapes(database, 1)
    running = store.start_run(store.open_session("s", "q").id, "q").id
    tapes.add(running, [call(1, "page")])
    assert tapes.trim() == []
    assert len(tapes.calls(running)) == 1


def test_a_deleted_session_takes_its_tapes_and_their_texts_along(database: Database, store: SqliteRunStore) -> None:
    tapes = Tapes(database, 10**6)
    tapes.add(ended_run(store), [call(1, "page"), call(2, "other")])
    store.delete_session("s")
    assert blobs(database) == 0
    assert database.integrity() == []


def test_failures_can_be_forgotten(database: Database, store: SqliteRunStore) -> None:
    tapes, run = Tapes(database, 10**6), ended_run(store)
    tapes.add(run, [call(1, "page"), call(2, {"error": "FetchError"}, failed=True)])
    tapes.forget_failures(run)
    assert [kept.number for kept in tapes.calls(run)] == [1]


def test_calls_are_kept_all_or_none(database: Database, store: SqliteRunStore) -> None:
    tapes, run = Tapes(database, 10**6), ended_run(store)
    with pytest.raises(StorageError):
        tapes.add(run, [call(1, "page"), call(1, "the same number")])
    assert tapes.calls(run) == []


def test_a_damaged_answer_is_named(database: Database, store: SqliteRunStore) -> None:
    tapes, run = Tapes(database, 10**6), ended_run(store)
    tapes.add(run, [call(1, "page")])
    with database.write() as connection:
        connection.execute("UPDATE blobs SET content = ?", (sqlite3.Binary(b"rubbish"),))
    with pytest.raises(StorageError, match="damaged"):
        tapes.calls(run)
