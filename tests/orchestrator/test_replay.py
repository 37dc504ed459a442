"""A run again from its tape: the same without network and model, and what another model makes of it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mm_orch.errors import EngineCrashed, InvalidInput, StorageError
from mm_orch.exports import run_document
from mm_orch.nodes.base import Deps
from mm_orch.orchestrator import Orchestrator
from mm_orch.orchestrator.replay import Replay
from mm_orch.parts import load_catalogue
from mm_orch.prompts import Prompt, PromptLibrary
from mm_orch.protocols import TextEngine
from mm_orch.providers.mock import MockFetcher, MockSearch
from mm_orch.recording.replay import differences, same
from mm_orch.records.event import QueryEvent, RunFinished
from mm_orch.records.limits import Limits
from mm_orch.records.query import Query
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.routing.router import Router
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.storage.memory import MemoryStore
from mm_orch.workflows.catalogue import Catalogue

PROMPTS, CATALOGUE = load_catalogue()
ROUTER = Router([definition.destination for definition in CATALOGUE.definitions.values()], 0.0)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(10**7)


Ran = Callable[..., Awaitable[Replay]]


@pytest.fixture
def ran(store: MemoryStore) -> Ran:
    """Runs a query, stores it, a failure too, and gives its replay."""

    async def run(query: Query, engine: TextEngine | None = None, limits: Limits | None = None) -> Replay:
        deps = Deps(engine or MockEngine(), PROMPTS, MockSearch(), MockFetcher(), limits or Limits())
        with contextlib.suppress(EngineCrashed):
            orchestrator = Orchestrator(CATALOGUE, ROUTER, deps, store)
            async for _ in orchestrator.events(await orchestrator.begin(query)):
                pass
        [stored] = await store.runs()
        return Replay(stored, await store.calls(stored.id), CATALOGUE, PROMPTS)

    return run


async def last(events: AsyncIterator[QueryEvent]) -> WorkflowResult:
    found = [event async for event in events][-1]
    assert isinstance(found, RunFinished)
    return found.result


def document(replay: Replay) -> Mapping[str, Any]:
    assert replay.run.document
    return replay.run.document


@pytest.mark.parametrize(
    "question", ["What is tea?", "什么是茶？", "tell me a joke", "A lesson on tea with 2 exercises"]
)
async def test_the_result_is_the_same_without_anything_behind(ran: Ran, store: MemoryStore, question: str) -> None:
    replay = await ran(Query(question))
    result = run_document.of_result(await last(replay.events()))
    assert same(document(replay), result)
    assert differences(document(replay), result) == []
    assert replay.changed() == ""
    assert len(await store.runs()) == 1


async def test_the_limits_of_the_run_hold_again(ran: Ran) -> None:
    replay = await ran(Query("tell me a joke"), limits=Limits(generation={"max_tokens": 3, "seed": 7}))
    result = await last(replay.events())
    assert same(document(replay), run_document.of_result(result))
    assert result.usage.completion_tokens == 3


async def test_a_run_that_failed_fails_again_for_the_same_reason(ran: Ran) -> None:
    replay = await ran(Query("hi", "chat_generate"), MockEngine(script=[EngineCrashed("gone", hint="again")]))
    with pytest.raises(EngineCrashed, match="gone") as failed:
        await last(replay.events())
    assert document(replay)["error"] == run_document.of_error(failed.value)


async def test_another_model_writes_anew_from_the_recorded_pages(ran: Ran) -> None:
    replay = await ran(Query("tell me a joke"))
    result = await last(replay.events(MockEngine(script=["A joke."], model="other")))
    assert result.answer == "A joke."
    told = differences(document(replay), run_document.of_result(result))
    assert told[:2] == ["--- recorded (mock)", "+++ replayed (other)"]
    assert "+A joke." in told


async def test_another_model_searches_and_reads_only_what_was_recorded(ran: Ran) -> None:
    replay = await ran(Query("What is tea?", "search_qa"))
    result = await last(replay.events(MockEngine(model="other")))
    assert result.model == "other"
    assert result.sources
    pages = {call.answer["url"] for call in replay.calls if call.seam == "fetch"}
    assert {source.url for source in result.sources} <= pages


async def test_a_run_that_has_not_ended_is_not_replayed(store: MemoryStore) -> None:
    run = await store.begin(Query("q"))
    with pytest.raises(InvalidInput, match="not come to its end"):
        await last(Replay(run, [], CATALOGUE, PROMPTS).events())


async def test_a_run_whose_tape_made_room_says_so(ran: Ran) -> None:
    replay = replace(await ran(Query("tell me a joke")), calls=[])
    with pytest.raises(StorageError, match="nothing is recorded"):
        await last(replay.events())


async def test_a_workflow_that_changed_since_is_named(ran: Ran, tmp_path: Path) -> None:
    replay = await ran(Query("tell me a joke", "chat_generate"))
    definition = CATALOGUE.get("chat_generate")
    words = PROMPTS.get("chat_generate/reply").model_dump(by_alias=True)
    for wording in words["languages"].values():
        wording["user"] += " Be quick."
    changed = tmp_path / "chat_generate.yaml"
    changed.write_text("other", encoding="utf-8")
    catalogue = Catalogue({"chat_generate": replace(definition, path=changed)})
    prompts = PromptLibrary([Prompt.model_validate(words)])
    with pytest.raises(StorageError, match=r"not recorded.*chat_generate\.yaml.* has changed"):
        await last(replace(replay, catalogue=catalogue, prompts=prompts).events())


async def test_a_run_of_before_versions_were_recorded_is_told_apart(ran: Ran) -> None:
    replay = await ran(Query("tell me a joke"))
    first, *rest = replay.calls
    older = replace(first, answer={key: value for key, value in first.answer.items() if key != "version"})
    assert "older version" in replace(replay, calls=[older, *rest]).changed()
