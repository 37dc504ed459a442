"""The store keeps what was said and what became of it, on a file and in memory alike."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from mm_orch.database import Database
from mm_orch.errors import InvalidInput, UnknownName
from mm_orch.protocols import RunStore
from mm_orch.records.message import Message
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
