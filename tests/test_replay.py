"""A run again from its tape: the same without network and model, and what another model makes of it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from mm_orch.database import Database
from mm_orch.errors import EngineCrashed, InvalidInput, StorageError
from mm_orch.nodes.base import Deps, Limits
from mm_orch.orchestrator import Orchestrator, Query
from mm_orch.parts import load_catalogue
from mm_orch.prompts import Prompt, PromptLibrary
from mm_orch.protocols import TextEngine
from mm_orch.providers.mock import MockFetcher, MockSearch
from mm_orch.records.event import QueryEvent, RunFinished
from mm_orch.records.session import Run
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.replay import Replay, differences, same, same_error
from mm_orch.router import Router
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.storage.run_store import SqliteRunStore
from mm_orch.storage.tapes import Tapes
from mm_orch.workflows.definition import Catalogue

PROMPTS, CATALOGUE = load_catalogue()
ROUTER = Router([definition.destination for definition in CATALOGUE.definitions.values()], 0.0)


@pytest.fixture
def store() -> SqliteRunStore:
    return SqliteRunStore(Database(None))


@pytest.fixture
def tapes(store: SqliteRunStore) -> Tapes:
    return Tapes(store.database, 10**7)


@pytest.fixture
def replay(store: SqliteRunStore, tapes: Tapes) -> Replay:
    return Replay(CATALOGUE, PROMPTS, store, tapes)


async def last(events: AsyncIterator[QueryEvent]) -> WorkflowResult:
    found = [event async for event in events][-1]
    assert isinstance(found, RunFinished)
    return found.result


async def ran(replay: Replay, query: Query, engine: TextEngine | None = None, limits: Limits | None = None) -> Run:
    """A stored run of ``query``; a failure is stored too."""
    deps = Deps(engine or MockEngine(), PROMPTS, MockSearch(), MockFetcher(), limits or Limits())
    with contextlib.suppress(EngineCrashed):
        await last(Orchestrator(CATALOGUE, ROUTER, deps, replay.store, replay.tapes).events(query))
    return replay.store.runs()[0]


@pytest.mark.parametrize(
    "question", ["What is tea?", "什么是茶？", "tell me a joke", "A lesson on tea with 2 exercises"]
)
async def test_the_result_is_the_same_without_anything_behind(replay: Replay, question: str) -> None:
    run = await ran(replay, Query(question))
    result = await last(replay.events(run.id))
    assert run.document
    assert same(run.document, result)
    assert differences(run.document, result) == []
    assert len(replay.store.runs()) == 1


async def test_the_limits_of_the_run_hold_again(replay: Replay) -> None:
    run = await ran(replay, Query("tell me a joke"), limits=Limits(generation={"max_tokens": 3, "seed": 7}))
    result = await last(replay.events(run.id))
    assert run.document
    assert same(run.document, result)
    assert result.usage.completion_tokens == 3


async def test_a_run_that_failed_fails_again_for_the_same_reason(replay: Replay) -> None:
    run = await ran(replay, Query("hi", "chat_generate"), MockEngine(script=[EngineCrashed("gone", hint="again")]))
    with pytest.raises(EngineCrashed, match="gone") as failed:
        await last(replay.events(run.id))
    assert run.document
    assert same_error(run.document, failed.value)
    assert not same_error(run.document, EngineCrashed("otherwise"))


async def test_another_model_writes_anew_from_the_recorded_pages(replay: Replay) -> None:
    run = await ran(replay, Query("tell me a joke"))
    other = MockEngine(script=["A joke."], model="other")
    result = await last(replay.events(run.id, other))
    assert result.answer == "A joke."
    assert run.document
    told = differences(run.document, result)
    assert told[:2] == ["--- recorded (mock)", "+++ replayed (other)"]
    assert "+A joke." in told


async def test_another_model_searches_and_reads_only_what_was_recorded(replay: Replay) -> None:
    run = await ran(replay, Query("What is tea?", "search_qa"))
    result = await last(replay.events(run.id, MockEngine(model="other")))
    assert result.model == "other"
    assert result.sources
    assert run.document
    assert {source.url for source in result.sources} <= {
        call.answer["url"] for call in replay.tapes.calls(run.id) if call.seam == "fetch"
    }


async def test_a_run_that_has_not_ended_is_not_replayed(replay: Replay) -> None:
    run = replay.store.start_run(replay.store.open_session("s", "q").id, "q")
    with pytest.raises(InvalidInput, match="not come to its end"):
        await last(replay.events(run.id))


async def test_a_run_whose_tape_made_room_says_so(replay: Replay, store: SqliteRunStore) -> None:
    run = await ran(replay, Query("tell me a joke"))
    Tapes(store.database, 0).trim()
    with pytest.raises(StorageError, match="nothing is recorded"):
        await last(replay.events(run.id))


async def test_a_workflow_that_changed_since_is_named(replay: Replay, tmp_path: Path) -> None:
    run = await ran(replay, Query("tell me a joke", "chat_generate"))
    definition = CATALOGUE.get("chat_generate")
    words = PROMPTS.get("chat_generate/reply").model_dump(by_alias=True)
    for wording in words["languages"].values():
        wording["user"] += " Be quick."
    changed = tmp_path / "chat_generate.yaml"
    changed.write_text("other", encoding="utf-8")
    catalogue = Catalogue({"chat_generate": replace(definition, path=changed)})
    prompts = PromptLibrary([Prompt.model_validate(words)])
    with pytest.raises(StorageError, match=r"not recorded.*chat_generate\.yaml.* has changed"):
        await last(Replay(catalogue, prompts, replay.store, replay.tapes).events(run.id))
