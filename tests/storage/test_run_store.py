"""The store keeps what was said and what became of it, on a file and in memory alike."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from mm_orch.database import Database, Migrations
from mm_orch.errors import InvalidInput, UnknownName
from mm_orch.protocols import RunStore
from mm_orch.records.message import Message
from mm_orch.storage.migrations import MIGRATIONS
from mm_orch.storage.run_store import SqliteRunStore


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteRunStore]:
    ticks = count(1000)
    opened = SqliteRunStore(
        Database(tmp_path / "muai.db" if request.param == "file" else None), lambda: next(ticks)
    )
    yield opened
    opened.close()


def test_it_is_a_run_store(store: SqliteRunStore) -> None:
    assert isinstance(store, RunStore)


def test_a_session_without_a_name_gets_one_of_its_own(store: SqliteRunStore) -> None:
    first, second = store.open_session(None, "What is love?"), store.open_session(None, "And war?")
    assert first.id != second.id
    assert (first.title, first.messages) == ("What is love?", 0)


def test_a_named_session_is_made_once_and_then_continued(store: SqliteRunStore) -> None:
    store.open_session("work", "first question")
    store.append_message("work", Message("user", "first question"))
    continued = store.open_session("work", "second question")
    assert (continued.title, continued.messages) == ("first question", 1)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201])
def test_a_session_name_that_cannot_be_typed_again_is_refused(store: SqliteRunStore, name: str) -> None:
    with pytest.raises(InvalidInput, match="no usable name"):
        store.open_session(name, "question")


def test_a_title_is_one_short_line(store: SqliteRunStore) -> None:
    title = store.open_session(None, "深度学习\n" * 100).title
    assert len(title) == 60
    assert title.endswith("…")
    assert "\n" not in title


def test_messages_come_back_in_the_order_said(store: SqliteRunStore) -> None:
    session = store.open_session(None, "hello")
    run = store.start_run(session.id, "hello")
    store.append_message(session.id, Message("user", "hello"), run.id)
    store.append_message(session.id, Message("assistant", "你好 🌱"), run.id)
    assert [(m.role, m.content, m.run_id) for m in store.messages(session.id)] == [
        ("user", "hello", run.id),
        ("assistant", "你好 🌱", run.id),
    ]


def test_a_run_is_running_until_it_is_finished(store: SqliteRunStore) -> None:
    session = store.open_session(None, "hello")
    run = store.start_run(session.id, "hello")
    assert store.run(run.id).status == "running"
    store.finish_run(run.id, "chat_generate", "ok", {"answer": "嗨"})
    ended = store.run(run.id)
    assert (ended.workflow, ended.status, ended.document) == ("chat_generate", "ok", {"answer": "嗨"})
    assert ended.ended is not None
    assert ended.ended > ended.created


def test_sessions_are_listed_with_the_last_used_first(store: SqliteRunStore) -> None:
    for name in ("one", "two", "three"):
        store.open_session(name, name)
    store.append_message("one", Message("user", "again"))
    assert [session.id for session in store.sessions()] == ["one", "three", "two"]


def test_runs_are_listed_newest_first_up_to_a_limit(store: SqliteRunStore) -> None:
    session = store.open_session(None, "hello")
    runs = [store.start_run(session.id, str(number)).id for number in range(4)]
    assert [run.id for run in store.runs(limit=3)] == runs[:0:-1]


def test_deleting_a_session_deletes_all_that_belongs_to_it(store: SqliteRunStore) -> None:
    session, other = store.open_session(None, "hello"), store.open_session(None, "bye")
    run = store.start_run(session.id, "hello")
    store.append_message(session.id, Message("user", "hello"), run.id)
    store.delete_session(session.id)
    assert [kept.id for kept in store.sessions()] == [other.id]
    assert store.messages(session.id) == []
    assert store.runs() == []


def test_an_unknown_session_or_run_names_those_there_are(store: SqliteRunStore) -> None:
    store.open_session("holiday", "where to?")
    for ask in (store.delete_session, store.session):
        with pytest.raises(UnknownName, match="Did you mean 'holiday'"):
            ask("hollyday")
    with pytest.raises(UnknownName, match="unknown run"):
        store.run("nothing")


def test_a_store_opened_again_finds_what_was_said(tmp_path: Path) -> None:
    first = SqliteRunStore(Database(tmp_path / "muai.db"))
    session = first.open_session(None, "hello")
    first.append_message(session.id, Message("user", "hello"))
    first.close()
    second = SqliteRunStore(Database(tmp_path / "muai.db"))
    assert [message.content for message in second.messages(session.id)] == ["hello"]
    second.close()


def test_a_run_that_ended_badly_can_run_again_without_its_half_answer(store: SqliteRunStore) -> None:
    session = store.open_session(None, "hello")
    run = store.start_run(session.id, "hello")
    store.append_message(session.id, Message("user", "hello"), run.id)
    store.append_message(session.id, Message("assistant", "Hel"), run.id)
    store.finish_run(run.id, "chat_generate", "interrupted", {"answer": "Hel"})
    assert store.reopen_run(run.id).status == "running"
    assert [message.content for message in store.messages(session.id)] == ["hello"]
    with pytest.raises(InvalidInput, match="'running'"):
        store.reopen_run(run.id)


def test_a_run_that_came_to_its_end_does_not_run_again(store: SqliteRunStore) -> None:
    run = store.start_run(store.open_session(None, "hello").id, "hello")
    store.finish_run(run.id, "chat_generate", "ok", {})
    with pytest.raises(InvalidInput, match="runs replay"):
        store.reopen_run(run.id)
    with pytest.raises(UnknownName):
        store.reopen_run("nothing")


def test_runs_of_those_who_are_gone_are_interrupted_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "muai.db"
    lives, gone = SqliteRunStore(Database(path)), SqliteRunStore(Database(path))
    kept, left = (each.start_run(each.open_session("s", "q").id, "q").id for each in (lives, gone))
    gone.close()
    opened = SqliteRunStore(Database(path))
    assert (opened.run(kept).status, opened.run(left).status) == ("running", "interrupted")
    assert opened.run(left).ended is not None
    opened.close()
    lives.finish_run(kept, "w", "ok", {})
    assert lives.run(kept).status == "ok"
    lives.close()
    assert list((tmp_path / "running").iterdir()) == []


def test_runs_of_a_muai_that_recorded_no_owner_are_interrupted(tmp_path: Path) -> None:
    database = Database(tmp_path / "muai.db")
    old = Migrations(MIGRATIONS.room)
    old.steps = MIGRATIONS.steps[:1]
    database.migrate(old)
    with database.write() as connection:
        connection.execute("INSERT INTO sessions VALUES ('s', 't', 1, 1)")
        connection.execute("INSERT INTO runs VALUES ('r', 's', 'q', '', 'running', 1, NULL, NULL)")
    store = SqliteRunStore(database)
    assert store.run("r").status == "interrupted"
    store.close()


def test_lists_stay_fast_with_ten_thousand_runs(tmp_path: Path) -> None:
    database = Database(tmp_path / "muai.db")
    store = SqliteRunStore(database)
    document = json.dumps({"answer": "word " * 400})
    with database.write() as connection:
        for at in range(10_000):
            connection.execute("INSERT INTO sessions VALUES (?, 'title', ?, ?)", (f"s{at}", at, at))
            connection.execute(
                "INSERT INTO runs VALUES (?, ?, 'q', 'w', 'ok', ?, ?, ?, NULL)",
                (f"r{at}", f"s{at}", at, at, document),
            )
            connection.execute("INSERT INTO messages VALUES (NULL, ?, ?, 'user', 'q', ?)", (f"s{at}", f"r{at}", at))
    store.close()
    started = time.perf_counter()
    opened = SqliteRunStore(Database(tmp_path / "muai.db"))
    runs, opened_and_listed = opened.runs(), time.perf_counter() - started
    sessions = opened.sessions()
    all_listed = time.perf_counter() - started
    opened.close()
    assert (len(runs), runs[0].id, len(sessions), sessions[0].messages) == (50, "r9999", 10_000, 1)
    assert opened_and_listed < 1.0
    assert all_listed < 3.0
