"""What every ``Store`` promises, held against SQLite in a file and against the store in memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from mm_orch.database import Database
from mm_orch.errors import InvalidInput, StorageError, UnknownName
from mm_orch.protocols import Store
from mm_orch.records.query import Query
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.records.session import Ending, RunStatus
from mm_orch.storage.memory import MemoryStore
from mm_orch.storage.sqlite.store import SqliteStore


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    ticks = count(1000)
    opened: Store
    if request.param == "memory":
        opened = MemoryStore(10**6, lambda: next(ticks))
    else:
        opened = SqliteStore(Database(tmp_path / "muai.db"), 10**6, lambda: next(ticks))
    yield opened
    opened.close()


def ending(status: RunStatus = "ok", answer: str | None = "Hello.") -> Ending:
    return Ending(status, "chat_generate", answer, {"answer": answer, "steps": (1, 2)}, 7)


def call(number: int, answer: object, *, failed: bool = False) -> RecordedCall:
    return RecordedCall(number, "fetch", "read", "key", "q", answer, failed)


async def said(store: Store, session_id: str) -> list[tuple[str, str, str | None]]:
    return [(message.role, message.content, message.run_id) for message in await store.messages(session_id)]


async def test_a_run_begins_with_its_session_and_its_question(store: Store) -> None:
    run = await store.begin(Query("What is love?"))
    assert (run.status, run.query, run.last_seq) == ("running", "What is love?", 0)
    assert await store.run(run.id) == run
    session = await store.session(run.session_id)
    assert (session.title, session.messages) == ("What is love?", 1)
    assert await said(store, run.session_id) == [("user", "What is love?", run.id)]


async def test_a_query_without_a_session_gets_one_of_its_own(store: Store) -> None:
    first, second = await store.begin(Query("What is love?")), await store.begin(Query("And war?"))
    assert first.session_id != second.session_id


async def test_a_named_session_is_made_once_and_then_continued(store: Store) -> None:
    await store.begin(Query("first question", session_id="work"))
    await store.begin(Query("second question", session_id="work"))
    continued = await store.session("work")
    assert (continued.title, continued.messages) == ("first question", 2)
    assert len(await store.sessions()) == 1


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201])
async def test_a_session_name_that_cannot_be_typed_again_stores_nothing(store: Store, name: str) -> None:
    with pytest.raises(InvalidInput, match="no usable name"):
        await store.begin(Query("question", session_id=name))
    assert await store.runs() == []


async def test_a_run_ends_with_its_answer_and_its_document(store: Store) -> None:
    run = await store.begin(Query("hello"))
    await store.end(run.id, ending(answer="你好 🌱"))
    ended = await store.run(run.id)
    assert (ended.workflow, ended.status, ended.last_seq) == ("chat_generate", "ok", 7)
    assert ended.document == {"answer": "你好 🌱", "steps": [1, 2]}
    assert ended.ended is not None
    assert ended.ended > ended.created
    assert await said(store, run.session_id) == [("user", "hello", run.id), ("assistant", "你好 🌱", run.id)]


async def test_a_run_that_said_nothing_adds_no_message(store: Store) -> None:
    run = await store.begin(Query("hello"))
    await store.end(run.id, ending("failed", None))
    assert await said(store, run.session_id) == [("user", "hello", run.id)]


async def test_sessions_are_listed_with_the_last_used_first(store: Store) -> None:
    for name in ("one", "two", "three", "one"):
        await store.begin(Query(name, session_id=name))
    assert [session.id for session in await store.sessions()] == ["one", "three", "two"]


async def test_runs_are_listed_newest_first_up_to_a_limit(store: Store) -> None:
    runs = [(await store.begin(Query(str(number)))).id for number in range(4)]
    assert [run.id for run in await store.runs(limit=3)] == runs[:0:-1]


async def test_deleting_a_session_deletes_all_that_belongs_to_it(store: Store) -> None:
    run, other = await store.begin(Query("hello")), await store.begin(Query("bye"))
    await store.add_calls(run.id, [call(1, "page")])
    await store.delete_session(run.session_id)
    assert [kept.id for kept in await store.sessions()] == [other.session_id]
    assert await store.messages(run.session_id) == []
    assert [kept.id for kept in await store.runs()] == [other.id]
    assert await store.calls(run.id) == []


async def test_an_unknown_session_or_run_names_those_there_are(store: Store) -> None:
    await store.begin(Query("where to?", session_id="holiday"))
    for ask in (store.delete_session, store.session):
        with pytest.raises(UnknownName, match="Did you mean 'holiday'"):
            await ask("hollyday")
    with pytest.raises(UnknownName, match="unknown run"):
        await store.run("nothing")


async def test_a_run_that_ended_badly_can_run_again_without_its_half_answer(store: Store) -> None:
    run = await store.begin(Query("hello"))
    await store.end(run.id, ending("interrupted", "Hel"))
    again = await store.reopen(run.id)
    assert (again.status, again.ended, again.last_seq) == ("running", None, 7)
    assert await said(store, run.session_id) == [("user", "hello", run.id)]
    with pytest.raises(InvalidInput, match="'running'"):
        await store.reopen(run.id)


async def test_a_run_that_came_to_its_end_does_not_run_again(store: Store) -> None:
    run = await store.begin(Query("hello"))
    await store.end(run.id, ending())
    with pytest.raises(InvalidInput, match="runs replay"):
        await store.reopen(run.id)
    with pytest.raises(UnknownName):
        await store.reopen("nothing")


async def test_calls_come_back_in_order_and_failures_can_be_forgotten(store: Store) -> None:
    run = await store.begin(Query("hello"))
    calls = [call(1, {"text": "茶 \ud800"}), call(2, {"error": "FetchError"}, failed=True), call(3, [1.5, None])]
    await store.add_calls(run.id, calls[:1])
    await store.add_calls(run.id, calls[1:])
    assert await store.calls(run.id) == calls
    await store.forget_failures(run.id)
    assert await store.calls(run.id) == [calls[0], calls[2]]
    assert await store.calls("nothing") == []


async def test_calls_of_no_run_are_refused(store: Store) -> None:
    with pytest.raises(StorageError):
        await store.add_calls("no such run", [call(1, "page")])


async def test_what_fits_is_not_trimmed(store: Store) -> None:
    run = await store.begin(Query("hello"))
    await store.add_calls(run.id, [call(1, "page")])
    assert await store.trim_tapes() == []
    assert len(await store.calls(run.id)) == 1


def test_it_is_a_store(store: Store) -> None:
    assert isinstance(store, Store)
    assert store.tape_bytes == 10**6
