"""A tape plays what it holds in order, and commits what is new before it goes on."""

from __future__ import annotations

import pytest

from mm_orch.errors import StorageError
from mm_orch.recording.tape import Tape
from mm_orch.records.message import Message
from mm_orch.records.query import Query
from mm_orch.storage.memory import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(10**6)


async def run_in(store: MemoryStore) -> str:
    return (await store.begin(Query("q"))).id


async def test_a_call_is_stored_when_it_was_written(store: MemoryStore) -> None:
    run = await run_in(store)
    tape = Tape(run, [], store, lambda: "fetch")
    for number in (1, 2):
        await tape.write("fetch", "key", "u", Message("user", str(number)))
        calls = await store.calls(run)
        assert len(calls) == number
        assert (calls[-1].number, calls[-1].step, calls[-1].answer["content"]) == (number, "fetch", str(number))


async def test_calls_are_played_each_once_in_their_order(store: MemoryStore) -> None:
    run = await run_in(store)
    await Tape(run, [], store).write_all("generate", [("a", "x", 1), ("b", "y", 2), ("a", "x", 3)])
    tape = Tape(run, await store.calls(run))
    assert [call.answer for call in (tape.play("generate", "a"), tape.play("generate", "a")) if call] == [1, 3]
    assert tape.play("generate", "a") is None
    assert tape.known("generate", "b") == tape.play_next("generate")
    assert tape.play_next("generate") is None


async def test_what_is_always_the_same_is_played_as_often_as_asked(store: MemoryStore) -> None:
    tape = Tape(await run_in(store), [], store)
    await tape.write("count", "a", None, [3])
    assert [call.answer for call in (tape.play("count", "a"), tape.play("count", "a")) if call] == [[3], [3]]


async def test_numbers_go_on_behind_what_was_recorded(store: MemoryStore) -> None:
    run = await run_in(store)
    await Tape(run, [], store).write("fetch", "a", None, 1)
    await Tape(run, await store.calls(run), store).write("fetch", "b", None, 2)
    assert [call.number for call in await store.calls(run)] == [1, 2]


async def test_a_store_that_fails_is_asked_once_and_named(store: MemoryStore) -> None:
    class Full(MemoryStore):
        asked = 0

        async def add_calls(self, run_id: str, calls: object) -> None:
            self.asked += 1
            raise StorageError("the database cannot grow")

    full = Full(1)
    tape = Tape("r", [], full)
    await tape.write("fetch", "a", None, 1)
    await tape.write("fetch", "b", None, 2)
    assert (full.asked, tape.trouble) == (1, "the database cannot grow")
