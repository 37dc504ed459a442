from collections.abc import Sequence

from mm_orch.nodes.asking import AskingNode, Messages, without_examples
from mm_orch.nodes.base import Deps
from mm_orch.nodes.step_run import StepRun
from mm_orch.prompts import Prompt, PromptLibrary
from mm_orch.records.limits import Limits
from mm_orch.records.message import Message
from mm_orch.records.note import Note
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import node, prompt, ran

ASK = prompt("ask", "{question}")
SAY = node("generate", reads={"question": "query"}, prompt="ask", limits={"max_tokens": 20, "temperature": 0.1})
EXAMPLES = [{"user": "Two?", "assistant": "2"}]


def asking(**keys: object) -> AskingNode:
    step = node("generate", reads={"question": "query"}, prompt="ask", limits={"max_tokens": 20}, **keys)
    assert isinstance(step, AskingNode)
    return step


def run_of(engine: MockEngine, *prompts: Prompt, language: str = "en") -> StepRun:
    return StepRun("step", Deps(engine, PromptLibrary(prompts)), language, lambda event: None)


async def fitted(step: AskingNode, run: StepRun, asks: Prompt, questions: Sequence[str]) -> list[Messages]:
    return await step.fitted(run, asks, [{"question": each} for each in questions], await step.config(run))


async def test_the_files_limits_reach_the_engine_and_the_users_go_over_them() -> None:
    engine = MockEngine()
    limits = Limits(generation={"max_tokens": 7, "seed": 3})
    await ran(SAY, {"query": "Why?"}, ASK, engine=engine, limits=limits)
    config = engine.requests[0].config
    assert (config.max_tokens, config.temperature, config.seed) == (7, 0.1, 3)


async def test_an_answer_leaves_half_of_a_small_context_to_the_prompt() -> None:
    engine = MockEngine(context_length=30)
    await ran(SAY, {"query": "Why?"}, ASK, engine=engine, limits=Limits(generation={"max_tokens": 500}))
    assert engine.requests[0].config.max_tokens == 15


async def test_the_users_tokens_are_for_what_is_read_and_not_for_notes() -> None:
    step, run = asking(), run_of(MockEngine())
    run.deps = Deps(run.deps.engine, run.deps.prompts, limits=Limits(generation={"max_tokens": 7}))
    assert (await step.config(run)).max_tokens == 20
    assert (await step.config(run, answers=True)).max_tokens == 7


async def test_what_does_not_fit_is_shortened_alone_and_that_is_told() -> None:
    step, run = asking(fit="question"), run_of(MockEngine(context_length=90), ASK)
    long = "A sentence of a long question. " * 30
    short_one, long_one = await fitted(step, run, ASK, ["Why?", long])
    assert short_one[-1].content == "Why?"
    assert long.startswith(long_one[-1].content)
    assert 0 < len(long_one[-1].content) < len(long)
    [count] = await run.deps.engine.count_tokens([long_one])
    assert count <= 90 - 20
    assert run.warnings == ["step 'step' shortened 'question' to fit a context of 90 tokens"]


async def test_without_a_variable_to_shorten_nothing_is() -> None:
    run = run_of(MockEngine(context_length=30), ASK)
    [messages] = await fitted(asking(), run, ASK, ["word " * 99])
    assert messages[-1].content == "word " * 99
    assert not run.warnings


def test_examples_are_what_a_prompt_can_do_without() -> None:
    asks = prompt("ask", "{question}", examples=EXAMPLES)
    messages = asks.messages("en", {"question": "Three?"})
    assert len(messages) == 4
    assert without_examples(messages) == (Message("system", "Be brief."), Message("user", "Three?"))
    assert without_examples(messages[-1:]) == messages[-1:]


def test_a_prompt_that_lacks_the_language_is_told() -> None:
    words = {"user": "{question}", "system": "Be brief."}
    alone = {"id": "ask", "description": "A test's.", "variables": ["question"], "languages": {"en": words}}
    run = run_of(MockEngine(), Prompt.model_validate(alone), language="zh")
    assert asking().wording(run).id == "ask"
    assert run.warnings == ["prompt 'ask' has no 'zh' wording; 'en' is used"]


def test_what_a_step_uses_itself_is_no_variable_of_its_prompt() -> None:
    step = node("summarize", reads={"passages": "found", "question": "query"}, prompt="ask", writes="notes")
    assert isinstance(step, AskingNode)
    assert step.variables_given() == {"question", "text", "title"}
    state = {"found": [Note(1, "Title", "http://site/1", "A note.")], "query": "Why?"}
    assert step.values(state, run_of(MockEngine())) == {"question": "Why?"}
