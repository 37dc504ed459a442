"""A query's way: stored first, routed, run, stored again; and what is kept when it does not come to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any

import pytest

from mm_orch.database import Database
from mm_orch.errors import EngineCrashed, EngineError, InvalidInput, StorageError, UnknownName
from mm_orch.nodes.base import Deps
from mm_orch.orchestrator import Orchestrator
from mm_orch.parts import load_catalogue
from mm_orch.protocols import Store
from mm_orch.providers.mock import MockFetcher, MockSearch
from mm_orch.recording.recorded_run import beginning_of
from mm_orch.records.event import (
    QueryEvent,
    Routed,
    RunCancelled,
    RunEvent,
    RunFailed,
    RunFinished,
    RunStarted,
    StepText,
)
from mm_orch.records.generation import GenerationEvent, GenerationRequest
from mm_orch.records.message import Message
from mm_orch.records.query import Query
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.records.route import Route
from mm_orch.records.session import Ending
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.storage.memory import MemoryStore
from mm_orch.storage.sqlite.store import SqliteStore

PROMPTS, CATALOGUE = load_catalogue()


class FixedRouter:
    def __init__(self, workflow: str) -> None:
        self._route = Route(workflow, 0.75, "because")

    async def aroute(self, query: str, engine: Any, prompts: Any) -> Route:
        return self._route


class NoRouter:
    async def aroute(self, query: str, engine: Any, prompts: Any) -> Route:
        raise AssertionError("the router was asked")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(10**7)


Make = Callable[..., Orchestrator]


@pytest.fixture
def make(store: MemoryStore) -> Make:
    def made(engine: MockEngine | None = None, router: Any = None, kept: Store = store) -> Orchestrator:
        deps = Deps(engine or MockEngine(), PROMPTS, MockSearch(), MockFetcher())
        return Orchestrator(CATALOGUE, router or FixedRouter("chat_generate"), deps, kept)

    return made


async def events(orchestrator: Orchestrator, query: Query) -> list[QueryEvent]:
    return [told.event async for told in begun(orchestrator, query)]


async def begun(orchestrator: Orchestrator, query: Query | str) -> AsyncGenerator[RunEvent, None]:
    """The events of a new run, or of one that goes on; closed with it."""
    log = await (orchestrator.begin(query) if isinstance(query, Query) else orchestrator.reopen(query))
    async with aclosing(orchestrator.events(log)) as told:
        async for event in told:
            yield event


async def result(orchestrator: Orchestrator, query: Query) -> WorkflowResult:
    last = (await events(orchestrator, query))[-1]
    assert isinstance(last, RunFinished)
    return last.result


async def test_a_run_begins_with_its_ids_then_its_route_and_ends_with_its_result(make: Make) -> None:
    told = await events(make(MockEngine(script=["Hello there."])), Query("hello"))
    assert isinstance(told[0], RunStarted)
    assert told[1] == Routed(Route("chat_generate", 0.75, "because"))
    assert isinstance(told[-1], RunFinished)
    found = told[-1].result
    assert (found.answer, found.run_id, found.session_id) == ("Hello there.", told[0].run_id, told[0].session_id)
    assert found.route == told[1].route


async def test_the_question_is_stored_before_the_model_is_asked(make: Make, store: MemoryStore) -> None:
    seen: list[tuple[str, str]] = []

    class Looking(MockEngine):
        async def stream(self, request: GenerationRequest) -> AsyncIterator[GenerationEvent]:
            [run] = await store.runs()
            seen.append((run.status, (await store.messages(run.session_id))[0].content))
            async for event in super().stream(request):
                yield event

    await result(make(Looking(script=["Hello."])), Query("Are you there?"))
    assert seen == [("running", "Are you there?")]


async def test_what_was_said_and_the_document_are_stored_at_the_end(make: Make, store: MemoryStore) -> None:
    found = await result(make(MockEngine(script=["Hello."])), Query("hi"))
    assert found.run_id
    run = await store.run(found.run_id)
    assert (run.status, run.workflow) == ("ok", "chat_generate")
    assert run.document
    assert run.document["answer"] == "Hello."
    assert [(m.role, m.content) for m in await store.messages(run.session_id)] == [
        ("user", "hi"),
        ("assistant", "Hello."),
    ]


async def test_a_session_goes_on_with_its_history(make: Make) -> None:
    engine = MockEngine(script=["Hello Ada.", "You are Ada."])
    orchestrator = make(engine)
    await result(orchestrator, Query("My name is Ada", session_id="s"))
    await result(orchestrator, Query("Who am I?", session_id="s"))
    prompt = engine.requests[-1].prompt
    assert isinstance(prompt, tuple)
    said = [(message.role, message.content) for message in prompt if message.role != "system"]
    assert said[-3:-1] == [("user", "My name is Ada"), ("assistant", "Hello Ada.")]
    assert "Who am I?" in said[-1][1]


async def test_results_of_other_workflows_enter_the_history(make: Make) -> None:
    engine = MockEngine()
    orchestrator = make(engine, NoRouter())
    await result(orchestrator, Query("What is tea?", "search_qa", "s"))
    await result(orchestrator, Query("Say it shorter", "chat_generate", "s"))
    prompt = engine.requests[-1].prompt
    assert isinstance(prompt, tuple)
    assert Message("user", "What is tea?") in prompt


async def test_a_session_does_not_hear_of_another(make: Make) -> None:
    engine = MockEngine()
    orchestrator = make(engine)
    await result(orchestrator, Query("My name is Ada", session_id="one"))
    await result(orchestrator, Query("Who am I?", session_id="two"))
    assert "Ada" not in str(engine.requests[-1].prompt)


async def test_a_named_workflow_is_not_routed(make: Make) -> None:
    found = await result(make(router=NoRouter()), Query("What is tea?", "search_qa"))
    assert (found.workflow, found.route) == ("search_qa", None)
    assert found.sources


async def test_the_language_asked_for_wins_over_the_questions(make: Make) -> None:
    found = await result(make(), Query("tea", "lesson_pack", language="zh"))
    assert found.data
    assert found.data["language"] == "zh"


async def test_inputs_win_over_the_words_of_the_question(make: Make) -> None:
    query = Query("A lesson on tea with 5 exercises", "lesson_pack", inputs={"num_exercises": "2"})
    found = await result(make(), query)
    assert found.data
    assert len(found.data["exercises"]) == 2


async def test_an_unknown_workflow_stores_nothing(make: Make, store: MemoryStore) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'search_qa'"):
        await events(make(), Query("hello", "serch_qa"))
    assert await store.sessions() == []


@pytest.mark.parametrize("text", ["", "  \n "])
async def test_an_empty_question_stores_nothing(make: Make, store: MemoryStore, text: str) -> None:
    with pytest.raises(InvalidInput, match="empty"):
        await events(make(), Query(text))
    assert await store.sessions() == []


async def test_a_failed_run_keeps_the_question_and_the_reason(make: Make, store: MemoryStore) -> None:
    crash = EngineCrashed("the model's process ended", hint="Try again")
    with pytest.raises(EngineError, match="process ended"):
        await events(make(MockEngine(script=[crash])), Query("hello"))
    [run] = await store.runs()
    assert run.status == "failed"
    assert run.document
    error = {"type": "EngineCrashed", "message": "the model's process ended", "hint": "Try again"}
    assert (run.document["status"], run.document["error"]) == ("failed", error)
    assert [message.content for message in await store.messages(run.session_id)] == ["hello"]


async def test_a_wrong_input_is_a_failed_run(make: Make, store: MemoryStore) -> None:
    with pytest.raises(InvalidInput, match="no input 'colour'"):
        await events(make(), Query("hello", inputs={"colour": "red"}))
    assert (await store.runs())[0].status == "failed"


async def test_a_run_that_is_stopped_keeps_what_was_written(make: Make, store: MemoryStore) -> None:
    said = ""
    engine = MockEngine(script=["One two three four five six seven eight."])
    async with aclosing(begun(make(engine), Query("count"))) as stream:
        async for event in stream:
            if isinstance(event.event, StepText):
                said += event.event.text
                if "three" in said:
                    break
    [run] = await store.runs()
    assert run.status == "interrupted"
    assert run.document
    assert run.document["error"]["type"] == "Interrupted"
    assert [message.content for message in await store.messages(run.session_id)] == ["count", said]


async def test_an_answer_that_cannot_be_stored_is_still_given(make: Make) -> None:
    class FullDisk(MemoryStore):
        async def end(self, run_id: str, ending: Ending) -> None:
            raise StorageError("the database cannot grow")

    found = await result(make(MockEngine(script=["Hello."]), kept=FullDisk()), Query("hi"))
    assert found.answer == "Hello."
    assert any("cannot grow" in warning for warning in found.warnings)


async def until_the_end(events: AsyncIterator[RunEvent]) -> WorkflowResult:
    last = [told.event async for told in events][-1]
    assert isinstance(last, RunFinished)
    return last.result


def recording(store: Store, engine: MockEngine, router: Any = None) -> Orchestrator:
    deps = Deps(engine, PROMPTS, MockSearch(), MockFetcher())
    return Orchestrator(CATALOGUE, router or FixedRouter("lesson_pack"), deps, store)


async def test_a_run_that_failed_goes_on_where_it_failed(store: MemoryStore) -> None:
    plain = MockEngine()
    asked: list[str] = []

    def breaks(request: GenerationRequest) -> str:
        asked.append(str(request.prompt))
        if len(asked) == 3:
            raise EngineCrashed("the model's process ended")
        return plain._text(request)

    with pytest.raises(EngineCrashed):
        await events(recording(store, MockEngine(script=breaks)), Query("A lesson on tea"))
    [run] = await store.runs()
    again = MockEngine()
    found = await until_the_end(begun(recording(store, again, NoRouter()), run.id))
    assert ((await store.run(run.id)).status, found.run_id) == ("ok", run.id)
    assert found.route
    assert found.route.workflow == "lesson_pack"
    prompts = [str(request.prompt) for request in again.requests]
    assert prompts[:2] == asked[1:]  # all sections are asked for together, and were not answered
    assert asked[0] not in prompts
    assert [message.role for message in await store.messages(run.session_id)] == ["user", "assistant"]


async def test_a_run_that_never_got_a_workflow_is_routed_when_it_goes_on(store: MemoryStore) -> None:
    class Broken:
        async def aroute(self, query: str, engine: Any, prompts: Any) -> Route:
            raise EngineCrashed("the model's process ended")

    with pytest.raises(EngineCrashed):
        await events(recording(store, MockEngine(), Broken()), Query("hi"))
    [run] = await store.runs()
    resumed = begun(recording(store, MockEngine(script=["Hello."]), FixedRouter("chat_generate")), run.id)
    assert (await until_the_end(resumed)).answer == "Hello."


async def test_a_run_goes_on_with_the_history_it_began_with(store: MemoryStore) -> None:
    router = FixedRouter("chat_generate")
    broken = MockEngine(script=["Hello Ada.", EngineCrashed("gone"), "Bye."])
    first = recording(store, broken, router)
    await result(first, Query("My name is Ada", session_id="s"))
    with pytest.raises(EngineCrashed):
        await events(first, Query("Who am I?", session_id="s"))
    await result(first, Query("Good night", session_id="s"))
    run = next(run for run in await store.runs() if run.query == "Who am I?")
    engine = MockEngine(script=["Ada."])
    await until_the_end(begun(recording(store, engine, NoRouter()), run.id))
    [request] = engine.requests
    assert "My name is Ada" in str(request.prompt)
    assert "Good night" not in str(request.prompt)


async def test_a_run_without_a_tape_cannot_go_on() -> None:
    store = MemoryStore()
    with pytest.raises(EngineError):
        await events(recording(store, MockEngine(script=[EngineCrashed("gone")])), Query("hello"))
    [run] = await store.runs()
    with pytest.raises(StorageError, match="nothing is recorded"):
        await recording(store, MockEngine()).reopen(run.id)
    assert (await store.run(run.id)).status == "failed"


async def test_a_run_that_cannot_be_recorded_is_answered_with_a_warning() -> None:
    class FullDisk(MemoryStore):
        async def add_calls(self, run_id: str, calls: Sequence[RecordedCall]) -> None:
            raise StorageError("the database cannot grow")

    engine = MockEngine(script=["Hello."])
    found = await result(recording(FullDisk(1), engine, FixedRouter("chat_generate")), Query("hi"))
    assert found.answer == "Hello."
    assert found.warnings == ("the run cannot be replayed: the database cannot grow",)


async def test_each_run_has_a_word_of_its_own_and_keeps_it(store: MemoryStore) -> None:
    orchestrator = recording(store, MockEngine(), FixedRouter("chat_generate"))
    for _ in range(2):
        await result(orchestrator, Query("hi"))
    nonces = [beginning_of(run.id, await store.calls(run.id)).nonce for run in await store.runs()]
    assert len({*nonces, ""}) == 3


async def test_tapes_beyond_their_size_are_dropped_when_a_run_ends() -> None:
    small = SqliteStore(Database(None), 1)
    await result(recording(small, MockEngine(), FixedRouter("chat_generate")), Query("hi"))
    [run] = await small.runs()
    assert await small.calls(run.id) == []


async def test_events_are_numbered_from_one_without_gaps(make: Make, store: MemoryStore) -> None:
    told = [event async for event in begun(make(MockEngine(script=["Hello there."])), Query("hello"))]
    [run] = await store.runs()
    assert [event.seq for event in told] == list(range(1, len(told) + 1))
    assert {event.run_id for event in told} == {run.id}
    assert [event.time for event in told] == sorted(event.time for event in told)
    assert run.last_seq == len(told)


async def follow(events: AsyncIterator[RunEvent], told: list[RunEvent]) -> None:
    async for event in events:
        told += [event]


async def test_a_failure_is_the_last_event_and_a_resumed_run_counts_on(store: MemoryStore) -> None:
    crash = EngineCrashed("gone")
    told: list[RunEvent] = []
    failing = recording(store, MockEngine(script=[crash]), FixedRouter("chat_generate"))
    with pytest.raises(EngineCrashed):
        await follow(begun(failing, Query("hi")), told)
    assert told[-1].event == RunFailed(crash)
    resumed = begun(recording(store, MockEngine(script=["Hello."])), told[0].run_id)
    again = [event async for event in resumed]
    assert [event.seq for event in again] == list(range(len(told) + 1, len(told) + len(again) + 1))


async def test_a_cancellation_is_the_last_event(make: Make, store: MemoryStore) -> None:
    told: list[RunEvent] = []
    waits = asyncio.Event()

    class Waiting(MockEngine):
        async def stream(self, request: GenerationRequest) -> AsyncIterator[GenerationEvent]:
            async for event in super().stream(request):
                yield event
                waits.set()
                await asyncio.Event().wait()

    task = asyncio.create_task(follow(begun(make(Waiting(script=["Hello there."])), Query("hi")), told))
    await waits.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    [run] = await store.runs()
    assert told[-1].event == RunCancelled()
    assert (run.status, run.last_seq) == ("interrupted", told[-1].seq)
