"""The seams with a tape between: recorded once, played again, and nothing else where nothing is behind."""

from __future__ import annotations

import pytest

from mm_orch.errors import EngineCrashed, EngineError, FetchError, SearchError, StorageError
from mm_orch.protocols import PageFetcher, SearchProvider, TextEngine
from mm_orch.recording.seams import RecordingEngine, RecordingFetcher, RecordingSearch
from mm_orch.recording.tape import Tape
from mm_orch.records.generation import GenerationEvent, GenerationRequest, TextChunk
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message
from mm_orch.records.query import Query
from mm_orch.records.search import SearchQuery
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.storage.memory import MemoryStore
from tests.fixtures.steps import FakeFetch, web


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(10**6)


@pytest.fixture
async def run(store: MemoryStore) -> str:
    return (await store.begin(Query("q"))).id


@pytest.fixture
def new(store: MemoryStore, run: str) -> Tape:
    return Tape(run, [], store, lambda: "a_step")


async def again(store: MemoryStore, run: str) -> Tape:
    return Tape(run, await store.calls(run))


def ask(text: str) -> GenerationRequest:
    return GenerationRequest((Message("user", text),), GenerationConfig())


async def streamed(engine: TextEngine, request: GenerationRequest) -> list[GenerationEvent]:
    return [event async for event in engine.stream(request)]


def test_they_are_what_they_stand_for(new: Tape) -> None:
    assert isinstance(RecordingEngine(new, MockEngine()), TextEngine)
    assert isinstance(RecordingSearch(new, None), SearchProvider)
    assert isinstance(RecordingFetcher(new, None), PageFetcher)


async def test_an_engine_is_played_without_one(new: Tape, store: MemoryStore, run: str) -> None:
    live = RecordingEngine(new, MockEngine(script=["One.", "Two.", "Three words here."], context_length=99))
    info, counts = await live.info(), await live.count_tokens(["a b", "c"])
    vectors, texts = await live.embed(["tea"]), await live.complete([ask("1"), ask("2")])
    events = await streamed(live, ask("3"))
    played = RecordingEngine(await again(store, run), None)
    assert await played.info() == info
    assert await played.count_tokens(["a b", "c"]) == counts
    assert await played.count_tokens(["a b", "c"]) == counts
    assert await played.embed(["tea"]) == vectors
    assert await played.complete([ask("2"), ask("1")]) == texts[::-1]
    assert await streamed(played, ask("3")) == events


async def test_the_same_request_twice_gets_each_its_own_answer(new: Tape, store: MemoryStore, run: str) -> None:
    live = RecordingEngine(new, MockEngine(script=["One.", "Two."]))
    first, second = await live.complete([ask("x")]), await live.complete([ask("x")])
    played = RecordingEngine(await again(store, run), None)
    assert await played.complete([ask("x")]) + await played.complete([ask("x")]) == first + second
    with pytest.raises(StorageError, match="not recorded"):
        await played.complete([ask("x")])


async def test_what_was_not_recorded_is_an_error_that_says_so(store: MemoryStore, run: str) -> None:
    tape = await again(store, run)
    engine = RecordingEngine(tape, None)
    with pytest.raises(StorageError, match="not recorded"):
        await engine.info()
    with pytest.raises(StorageError, match="not recorded"):
        await streamed(engine, ask("new"))
    with pytest.raises(StorageError, match=r"search.*tea"):
        await RecordingSearch(tape, None).search(SearchQuery("tea"))
    with pytest.raises(StorageError, match="http://new/"):
        await RecordingFetcher(tape, None).fetch("http://new/")


async def test_only_what_the_tape_does_not_know_is_asked(new: Tape, store: MemoryStore, run: str) -> None:
    await RecordingEngine(new, MockEngine(script=["Old."])).complete([ask("old")])
    behind = MockEngine(script=["New."])
    mixed = RecordingEngine(Tape(run, await store.calls(run), store), behind)
    assert [result.text for result in await mixed.complete([ask("new"), ask("old")])] == ["New.", "Old."]
    assert list(behind.requests) == [ask("new")]
    assert len(await store.calls(run)) == 2


async def test_searches_and_pages_are_played_with_their_failures(new: Tape, store: MemoryStore, run: str) -> None:
    search, fetch = web(1, 2)
    answer = await RecordingSearch(new, search).search(SearchQuery("tea"))
    live = RecordingFetcher(new, fetch)
    page = await live.fetch("http://site/1")
    with pytest.raises(FetchError) as failed:
        await live.fetch("http://site/9")
    played = RecordingFetcher(await again(store, run), None)
    assert await RecordingSearch(await again(store, run), None).search(SearchQuery("tea")) == answer
    assert await played.fetch("http://site/1") == page
    with pytest.raises(FetchError, match=str(failed.value)):
        await played.fetch("http://site/9")


async def test_an_error_of_the_model_is_played(new: Tape, store: MemoryStore, run: str) -> None:
    for asked in (RecordingEngine(new, MockEngine(script=[EngineCrashed("gone"), EngineCrashed("too")])),):
        with pytest.raises(EngineError):
            await asked.complete([ask("1")])
        with pytest.raises(EngineError):
            await streamed(asked, ask("2"))
    played = RecordingEngine(await again(store, run), None)
    with pytest.raises(EngineCrashed, match="gone"):
        await played.complete([ask("1")])
    with pytest.raises(EngineCrashed, match="too"):
        await streamed(played, ask("2"))


async def test_a_stream_that_was_left_is_not_recorded(new: Tape, store: MemoryStore, run: str) -> None:
    events = RecordingEngine(new, MockEngine(script=["One two three four."])).stream(ask("x"))
    assert isinstance(await anext(events), TextChunk)
    await events.aclose()  # type: ignore[attr-defined]
    assert await store.calls(run) == []


async def test_another_model_finds_the_recorded_searches_and_pages(new: Tape, store: MemoryStore, run: str) -> None:
    search, fetch = web(1)
    recorded = await RecordingSearch(new, search).search(SearchQuery("tea"))
    page = await RecordingFetcher(new, fetch).fetch("http://site/1")
    other = await again(store, run)
    searching = RecordingSearch(other, None, any_query=True)
    assert await searching.search(SearchQuery("tea, reworded")) == recorded
    with pytest.raises(SearchError, match="no other search"):
        await searching.search(SearchQuery("once more"))
    reading = RecordingFetcher(other, None, recorded_only=True)
    assert [await reading.fetch("http://site/1") for _ in range(2)] == [page, page]
    with pytest.raises(FetchError, match="not recorded"):
        await reading.fetch("http://site/2")


async def test_calls_name_the_step_that_asked(new: Tape, store: MemoryStore, run: str) -> None:
    await RecordingFetcher(new, FakeFetch({"u": (await web(1)[1].fetch("http://site/1"))})).fetch("u")
    [call] = await store.calls(run)
    assert (call.number, call.seam, call.step, call.request) == (1, "fetch", "a_step", "u")


async def test_a_store_that_fails_ends_the_recording_and_not_the_run(store: MemoryStore) -> None:
    tape = Tape("no such run", [], store)
    engine = RecordingEngine(tape, MockEngine(script=["One.", "Two."]))
    assert [result.text for result in await engine.complete([ask("1")])] == ["One."]
    assert "no such run" in tape.trouble
    assert [result.text for result in await engine.complete([ask("2")])] == ["Two."]


def test_a_fetcher_gets_ready_through_it(new: Tape) -> None:
    class Warm(FakeFetch):
        warmed = 0

        def warm(self) -> None:
            self.warmed += 1

    fetcher = Warm({})
    RecordingFetcher(new, fetcher).warm()
    RecordingFetcher(new, None).warm()
    assert fetcher.warmed == 1
