import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

import pytest

from mm_orch.errors import EngineError, WorkflowError
from mm_orch.nodes.base import Deps
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import PageFetcher, SearchProvider, TextEngine
from mm_orch.records.event import RunFinished, StepFinished, StepStarted, WorkflowEvent
from mm_orch.records.page import Page
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.runtime import engines
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.workflows.compiler import compile_workflow
from mm_orch.workflows.definition import Definition
from tests.fixtures.definitions import made
from tests.fixtures.steps import FakeSearch, hit, page, prompt, web

ASK = prompt("ask", "{question}")
SAY = """
steps:
  - {id: say, kind: generate, reads: {question: query}, prompt: ask, writes: text}
output: {answer: text}
"""
LOOP = """
steps:
  - {id: find, kind: search, reads: {query: query}, writes: hits}
  - {id: read, kind: fetch, reads: {hits: hits}, writes: pages, repeat: {back_to: find, at_most: 2, until: pages}}
output: {answer: query}
"""
GUARDED = """
steps:
  - {id: find, kind: search, reads: {query: query}, writes: hits}
  - {id: read, kind: fetch, when: hits is not empty, reads: {hits: hits}, writes: pages}
  - {id: alone, kind: generate, when: pages is empty, reads: {question: query}, prompt: ask, writes: text}
output: {answer: text}
"""


async def events(
    definition: Definition,
    engine: TextEngine | None = None,
    search: SearchProvider | None = None,
    fetch: PageFetcher | None = None,
    **inputs: Any,
) -> list[WorkflowEvent]:
    deps = Deps(engine or MockEngine(), PromptLibrary([ASK]), search, fetch)
    values = definition.inputs_from({"query": "Why?", **inputs})
    return [event async for event in compile_workflow(definition).events(values, deps)]


def result(seen: list[WorkflowEvent]) -> WorkflowResult:
    assert isinstance(seen[-1], RunFinished)
    return seen[-1].result


def started(seen: list[WorkflowEvent]) -> list[str]:
    return [event.id for event in seen if isinstance(event, StepStarted)]


async def test_a_run_ends_with_its_result_and_what_it_cost(tmp_path: Path) -> None:
    seen = await events(made(tmp_path, SAY, ASK), MockEngine(script=["So."]))
    done = result(seen)
    assert (done.workflow, done.result, done.answer, done.status) == ("mine", "So.", "So.", "ok")
    assert (done.model, done.provider) == ("mock", "mock")
    assert done.usage.prompt_tokens > 0
    assert done.usage.completion_tokens > 0
    assert [step.id for step in done.steps] == ["say"]
    assert set(done.timings) == {"say", "total"}


async def test_every_step_says_when_it_begins_and_ends(tmp_path: Path) -> None:
    seen = await events(made(tmp_path, SAY, ASK))
    assert seen[0] == StepStarted("say", "generate")
    assert isinstance(seen[-2], StepFinished)
    assert seen[-2].id == "say"


async def test_a_guard_that_does_not_hold_skips_its_step(tmp_path: Path) -> None:
    definition = made(tmp_path, GUARDED, ASK)
    search, fetch = web(1)
    assert started(await events(definition, search=search, fetch=fetch)) == ["find", "read"]
    assert started(await events(definition, search=FakeSearch(), fetch=fetch)) == ["find", "alone"]


async def test_a_repeat_goes_back_at_most_as_often_as_it_says(tmp_path: Path) -> None:
    _, fetch = web()
    seen = await events(made(tmp_path, LOOP), search=FakeSearch((hit(1),)), fetch=fetch)
    assert started(seen) == ["find", "read"] * 3
    assert result(seen).status == "degraded"
    assert len([step for step in result(seen).steps if step.id == "read"]) == 3


async def test_a_repeat_ends_when_its_key_is_filled(tmp_path: Path) -> None:
    class SecondTime:
        tries = 0

        async def fetch(self, url: str) -> Page:
            self.tries += 1
            return page(1, "Text." if self.tries > 1 else " ")

    seen = await events(made(tmp_path, LOOP), search=FakeSearch((hit(1),)), fetch=SecondTime())
    assert started(seen) == ["find", "read"] * 2


async def test_an_engines_error_keeps_its_type_and_gains_the_step(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="died") as failed:
        await events(made(tmp_path, SAY, ASK), MockEngine(script=[EngineError("it died")]))
    assert "in step 'say' (generate)" in failed.value.__notes__


async def test_any_other_failure_of_a_step_names_it(tmp_path: Path) -> None:
    class Broken:
        name = "broken"

        async def search(self, query: object) -> Any:
            raise KeyError("x")

    with pytest.raises(WorkflowError, match=r"step 'find'.*KeyError"):
        await events(made(tmp_path, LOOP), search=Broken())


async def test_one_compiled_workflow_runs_several_at_once(tmp_path: Path) -> None:
    definition = made(tmp_path, SAY, ASK)
    workflow = compile_workflow(definition)

    async def answer(number: int) -> str:
        deps = Deps(MockEngine(script=[f"Answer {number}."]), PromptLibrary([ASK]))
        run = workflow.events(definition.inputs_from({"query": "Why?"}), deps)
        return result([event async for event in run]).answer

    assert await asyncio.gather(*map(answer, range(5))) == [f"Answer {number}." for number in range(5)]


async def test_closing_the_events_stops_the_engine(tmp_path: Path) -> None:
    class Endless(MockEngine):
        closed = False

        async def stream(self, request: Any) -> Any:
            from mm_orch.records.generation import TextChunk

            try:
                while True:
                    await asyncio.sleep(0)
                    yield TextChunk("word ")
            finally:
                self.closed = True

    engine = Endless()
    definition = made(tmp_path, SAY, ASK)
    deps = Deps(engine, PromptLibrary([ASK]))
    async with aclosing(compile_workflow(definition).events(definition.inputs_from({"query": "x"}), deps)) as run:
        async for event in run:
            if not isinstance(event, StepStarted):
                break
    assert engine.closed


async def test_warnings_of_all_steps_come_once_each(tmp_path: Path) -> None:
    _, fetch = web(2)
    search = FakeSearch((hit(1), hit(2)), warnings=("told twice", "told twice"))
    seen = await events(made(tmp_path, LOOP), search=search, fetch=fetch)
    assert result(seen).warnings[0] == "told twice"
    assert len(result(seen).warnings) == 2
    assert result(seen).status == "ok"


async def test_a_step_is_written_by_the_model_that_it_names_with_its_adapters(tmp_path: Path) -> None:
    own = (
        "id: b, kind: generate, model: other, lora: {a.gguf: 1}, reads: {question: text}, prompt: ask, writes: two"
    )
    text = SAY.replace("output: {answer: text}", f"  - {{{own}}}\noutput: {{answer: two}}")
    definition = made(tmp_path, text, ASK)
    mocks = engines.mocks()
    deps = Deps(mocks.get(), PromptLibrary([ASK]), engines=mocks)
    async with aclosing(
        compile_workflow(definition).events(definition.inputs_from({"query": "tea"}), deps)
    ) as events:
        [result] = [event.result async for event in events if isinstance(event, RunFinished)]
    first, other = (cast("MockEngine", mocks.get(name)).requests for name in (None, "other"))
    assert [request.config.lora for request in first] == [None]
    assert [request.config.lora for request in other] == [{"a.gguf": 1.0}]
    assert result.model == "mock"
