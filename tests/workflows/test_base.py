import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mm_orch import resources
from mm_orch.errors import InvalidInput
from mm_orch.prompts import PromptLibrary
from mm_orch.records.event import RunFinished
from mm_orch.records.limits import Limits
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.workflows.base import BaseWorkflow
from mm_orch.workflows.chat_generate import ChatGenerateWorkflow
from mm_orch.workflows.definition import load_file
from mm_orch.workflows.search_qa import SearchQAWorkflow
from tests.fixtures.definitions import shipped_prompts, write
from tests.fixtures.steps import page, web

DEBATE_PROMPTS = {
    "debate/points": """{"id": "debate/points", "description": "Points.", "variables": ["claim"], "languages":
      {"en": {"user": "Points for: {claim}", "schema": {"type": "array", "items": {"type": "string"}}}}}""",
    "debate/reply": """{"id": "debate/reply", "description": "A reply.", "variables": ["point", "number"],
      "languages": {"en": {"user": "Reply to point {number}: {point}"}}}""",
    "debate/verdict": """{"id": "debate/verdict", "description": "A verdict.", "variables": ["claim", "replies"],
      "languages": {"en": {"user": "Claim: {claim}. Replies:\\n{replies}"}}}""",
}
DEBATE = """
name: debate
title: Debate
inputs:
  claim: {type: text}
  rounds_wanted: {type: number, default: 2, least: 1, most: 5, units: {en: [rounds]}}
query_input: claim
steps:
  - {id: points, kind: generate, reads: [claim], prompt: debate/points, writes: points}
  - id: replies
    kind: map
    over: rounds_wanted
    item: number
    cycle: {point: points}
    prompt: debate/reply
    when: points is not empty
    writes: replies
  - {id: verdict, kind: generate, reads: [claim, replies], prompt: debate/verdict, fit: replies, writes: verdict}
  - id: minutes
    kind: compose
    parts:
      - {reads: points, heading: {en: Points}}
      - {reads: replies, heading: {en: Replies}}
      - {reads: verdict, heading: {en: Verdict}}
    writes: minutes
output: {answer: minutes, data: {verdict: verdict, replies: replies}}
"""


def test_a_workflow_of_the_users_own_runs_with_their_own_prompts(own_home: Path) -> None:
    for prompt_id, text in DEBATE_PROMPTS.items():
        path = own_home / "prompts" / f"{prompt_id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (own_home / "workflows").mkdir()
    write(own_home / "workflows", DEBATE, "debate.yaml")

    class Debate(BaseWorkflow):
        name = "debate"

    engine = MockEngine(script=['["It is green.", "It is calm."]', "No.", "Yes.", "Perhaps.", "Undecided."])
    done = Debate(engine).execute({"claim": "Tea is better than coffee", "rounds_wanted": 3})
    assert done.data == {"verdict": "Undecided.", "replies": ["No.", "Yes.", "Perhaps."]}
    assert done.answer.startswith("## Points\n\n1. It is green.\n2. It is calm.\n\n## Replies\n\n1. No.")
    assert engine.requests[3].prompt[-1].content == "Reply to point 3: It is green."


def test_a_prompt_without_the_runs_language_is_used_with_a_warning(tmp_path: Path) -> None:
    for prompt_id, text in DEBATE_PROMPTS.items():
        path = tmp_path / "prompts" / f"{prompt_id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    empty = tmp_path / "shipped"
    empty.mkdir()
    prompts = PromptLibrary.load([empty, tmp_path / "prompts"])
    definition = load_file(write(tmp_path, DEBATE), prompts)
    engine = MockEngine(script=['["一"]', "二", "三", "四"])
    done = BaseWorkflow(engine, prompts=prompts, definition=definition).execute("茶比咖啡好")
    assert any("has no 'zh' wording" in warning for warning in done.warnings)


def test_without_an_engine_the_built_in_mock_answers() -> None:
    done = ChatGenerateWorkflow(prompts=shipped_prompts()).execute({"message": "你好"})
    assert done.provider == "mock"
    assert done.answer.startswith("[mock]")


def test_without_providers_the_mock_engine_reads_mock_pages() -> None:
    done = SearchQAWorkflow().execute({"query": "What is MuAI?"})
    assert done.status == "ok"
    assert [source.url.split(":")[0] for source in done.sources] == ["mock"] * len(done.sources)
    assert done.sources


def test_one_text_is_the_query_input() -> None:
    engine = MockEngine()
    ChatGenerateWorkflow(engine, prompts=shipped_prompts()).execute("Hello there")
    assert engine.requests[0].prompt[-1].content == "Hello there"


def test_limits_go_over_those_of_the_file() -> None:
    engine = MockEngine()
    limits = Limits(generation={"temperature": 0.0, "max_tokens": 5})
    ChatGenerateWorkflow(engine, prompts=shipped_prompts(), limits=limits).execute("Hello")
    assert (engine.requests[0].config.temperature, engine.requests[0].config.max_tokens) == (0.0, 5)


@pytest.mark.parametrize("inputs", [5, None, ["x"]])
def test_inputs_of_another_shape_are_refused(inputs: object) -> None:
    with pytest.raises(InvalidInput, match="inputs is"):
        SearchQAWorkflow(MockEngine(), prompts=shipped_prompts()).execute(inputs)  # type: ignore[arg-type]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InvalidInput, match="language is 'fr'"):
        SearchQAWorkflow(MockEngine(), language="fr", prompts=shipped_prompts())


async def test_the_four_ways_to_run_give_the_same() -> None:
    search, fetch = web(1)

    def workflow() -> SearchQAWorkflow:
        engine = MockEngine(script=["Text of page 1. [1]"])
        return SearchQAWorkflow(engine, search=search, fetch=fetch, prompts=shipped_prompts())

    streamed = [event async for event in workflow().astream("Text of a page?")]
    assert isinstance(streamed[-1], RunFinished)
    results = [
        workflow().execute("Text of a page?"),
        await workflow().aexecute("Text of a page?"),
        [event for event in workflow().stream("Text of a page?") if isinstance(event, RunFinished)][-1].result,
        streamed[-1].result,
    ]
    [answer] = {done.answer for done in results}
    assert answer.endswith("Text of page 1. [1]")
    assert {done.sources[0].url for done in results} == {page(1).url}


async def test_several_run_at_once_without_mixing() -> None:
    workflows = [
        ChatGenerateWorkflow(MockEngine(script=[f"Answer {number}."]), prompts=shipped_prompts())
        for number in range(6)
    ]
    results = await asyncio.gather(*(each.aexecute("Hi") for each in workflows))
    assert [done.answer for done in results] == [f"Answer {number}." for number in range(6)]


_SCRIPT = """
from mm_orch.workflows.lesson_pack import LessonPackWorkflow
print(len(LessonPackWorkflow().execute({"topic": "tides", "num_exercises": 2}).result["exercises"]))
"""


def test_a_plain_script_without_a_main_guard_runs_and_leaves_no_file(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(_SCRIPT, encoding="utf-8")
    package = Path(resources.__file__).parent.parent
    environment = {**os.environ, "MUAI_HOME": str(tmp_path / "home"), "PYTHONPATH": str(package)}
    ended = subprocess.run(
        [sys.executable, script.name], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (ended.stdout, ended.stderr, ended.returncode) == ("2\n", "", 0)
    assert [path.name for path in tmp_path.iterdir()] == ["script.py"]
