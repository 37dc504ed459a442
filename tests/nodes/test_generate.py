import json

import pytest

from mm_orch.errors import WorkflowError
from mm_orch.nodes.asking import Writing
from mm_orch.nodes.base import Node
from mm_orch.records.event import StepDraft
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.limits import Limits
from mm_orch.records.message import Message
from mm_orch.records.note import Note
from mm_orch.records.passage import Passage
from mm_orch.runtime import mock_grammar
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import node, prompt, ran, sized

ASK = prompt("ask", "{question}")
SAY = node("generate", reads={"question": "query"}, prompt="ask", limits={"max_tokens": 20, "temperature": 0.1})
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}


async def test_what_streams_is_what_the_step_writes() -> None:
    done = await ran(SAY, {"query": "Why?"}, ASK, engine=MockEngine(script=["\n  Because it is so.\n\n"]))
    assert done.outputs == {"text": "Because it is so."}
    assert done.shown == "Because it is so."


async def test_an_answer_at_its_limit_is_told() -> None:
    done = await ran(SAY, {"query": "Why?"}, ASK, engine=MockEngine(script=["word " * 100]))
    assert "cut off at its limit of 20 tokens" in done.run.warnings[0]
    assert not done.run.degraded


async def test_an_empty_answer_degrades() -> None:
    done = await ran(SAY, {"query": "Why?"}, ASK, engine=MockEngine(script=["  "]))
    assert done.run.degraded


async def test_a_preface_comes_first_in_the_language_of_the_run() -> None:
    step = SAY.model_copy(update={"preface": {"en": "No page was read.", "zh": "没有读到网页。"}})
    done = await ran(step, {"query": "为什么"}, ASK, engine=MockEngine(script=["因为。"]), language="zh")
    assert done.outputs["text"] == done.shown == "没有读到网页。\n\n因为。"


async def test_history_stands_between_the_system_message_and_the_question() -> None:
    engine = MockEngine()
    step = SAY.model_copy(update={"history": "history", "system": "system"})
    earlier = [Message("user", "I am Tom."), Message("assistant", "Hello Tom.")]
    state = {"query": "Who am I?", "history": earlier, "system": ""}
    await ran(step, state, ASK, engine=engine, limits=Limits(max_history_tokens=99))
    assert engine.requests[0].prompt == (Message("system", "Be brief."), *earlier, Message("user", "Who am I?"))
    assert engine.requests[0].max_history_tokens == 99
    assert engine.requests[0].trim_history


async def test_turns_that_were_left_out_are_told() -> None:
    step = SAY.model_copy(update={"history": "history"})
    earlier = [Message("user", "I am Tom. " * 9), Message("assistant", "Hello Tom.")]
    state = {"query": "Who am I?", "history": earlier}
    done = await ran(step, state, ASK, engine=MockEngine(script=["Tom."], context_length=60))
    assert "2 earlier messages no longer fit" in done.run.warnings[0]


async def test_the_callers_system_message_takes_the_place_of_the_prompts() -> None:
    engine = MockEngine()
    step = SAY.model_copy(update={"system": "system"})
    await ran(step, {"query": "Hi", "system": "You are a pirate."}, ASK, engine=engine)
    assert engine.requests[0].prompt[0] == Message("system", "You are a pirate.")


CITING = SAY.model_copy(update={"cites": ("notes",), "refusal": {"en": "It is not there."}})


async def test_a_text_that_cites_is_a_draft_under_a_grammar_of_the_numbers_there_are() -> None:
    engine = MockEngine(script=["True. [1]"])
    notes = [Note(1, "Title", "http://site/1", "A note."), Passage(4, "http://site/4", "Other", "", "More.")]
    done = await ran(CITING, {"query": "x", "notes": notes}, ASK, engine=engine)
    assert done.outputs == {"text": "True. [1]"}
    assert done.shown == ""
    assert "".join(event.text for event in done.events if isinstance(event, StepDraft)) == "True. [1]"
    grammar = engine.requests[0].config.grammar
    assert grammar
    assert '("1" | "4")' in grammar
    assert '"It is not there."' in grammar


async def test_the_mock_quotes_what_it_was_given_to_read() -> None:
    passage = Passage(2, "http://site/2", "Title", "", "Tea is a drink. It is hot.")
    step = CITING.model_copy(update={"reads": {"question": "query", "notes": "notes"}})
    done = await ran(step, {"query": "x", "notes": [passage]}, prompt("ask", "{notes}\n{question}"))
    assert done.outputs["text"] == "Tea is a drink. [2]"


async def test_nothing_to_cite_is_a_fault_of_the_workflow() -> None:
    with pytest.raises(WorkflowError, match="nothing to cite"):
        await ran(CITING, {"query": "x", "notes": []}, ASK)


async def test_addresses_that_nobody_gave_the_model_are_taken_out() -> None:
    step = SAY.model_copy(update={"links": False, "limits": Writing()})
    engine = MockEngine(script=["See https://a.example/x, not https://evil.example."])
    done = await ran(step, {"query": "Is https://a.example/x right?"}, ASK, engine=engine)
    assert done.outputs["text"] == done.shown == "See https://a.example/x, not ."
    assert "1 addresses" in done.run.warnings[0]


async def test_a_prompt_with_a_schema_gives_a_structure_and_streams_nothing() -> None:
    engine = MockEngine(script=['{"a": "x", "b": "y"}'])
    done = await ran(SAY, {"query": "x"}, prompt("ask", "{question}", SCHEMA), engine=engine)
    assert done.outputs == {"text": {"a": "x", "b": "y"}}
    assert done.shown == ""
    assert engine.requests[0].config.json_schema == SCHEMA


async def test_a_broken_off_structure_is_asked_for_again_with_more_tokens() -> None:
    whole = json.dumps({"a": "word " * 2, "b": "y"})
    engine = MockEngine(script=[whole, whole])
    step = SAY.model_copy(update={"limits": SAY.limits.model_copy(update={"max_tokens": 12})})
    done = await ran(step, {"query": "x"}, prompt("ask", "{question}", SCHEMA), engine=engine)
    assert [request.config.max_tokens for request in engine.requests] == [12, 24]
    assert done.outputs["text"] == json.loads(whole)
    assert not done.run.warnings


async def test_a_structure_that_breaks_off_twice_is_saved_as_far_as_it_goes_and_never_taken_for_whole() -> None:
    endless = '{"a": "short", "b": "' + "word " * 200
    done = await ran(
        SAY, {"query": "x"}, prompt("ask", "{question}", SCHEMA), engine=MockEngine(script=[endless] * 2)
    )
    assert done.outputs["text"]["a"] == "short"
    assert done.outputs["text"]["b"].startswith("word word")
    assert done.run.degraded
    assert "incomplete" in done.run.warnings[0]


async def test_the_users_token_limit_does_not_cut_structures() -> None:
    engine = MockEngine(script=['{"a": "x", "b": "y"}'])
    await ran(
        SAY,
        {"query": "x"},
        prompt("ask", "{question}", SCHEMA),
        engine=engine,
        limits=Limits(generation={"max_tokens": 2}),
    )
    assert engine.requests[0].config.max_tokens == 20


SMALL, TRUSTED = 999_999_999, 1_000_000_000
DRAFTING = CITING.model_copy(update={"sentences": 4, "limits": Writing(max_tokens=300)})
NOTES = {"query": "x", "notes": [Note(1, "Title", "http://site/1", "A note.")]}


async def drafted(
    size: int | None, wanted: int = 0, step: Node = DRAFTING, context: int = 8192
) -> GenerationConfig:
    """What a model of that size is asked to keep to."""
    engine = sized(size, script=["True. [1]"], context_length=context)
    limits = Limits(generation={"max_tokens": wanted} if wanted else {})
    await ran(step, NOTES, ASK, engine=engine, limits=limits)
    return engine.requests[0].config


def most_sentences(config: GenerationConfig) -> int:
    """How many sentences the grammar allows."""
    texts = [" ".join(["It is so. [1]"] * number) for number in range(1, 8)]
    return sum(mock_grammar.allows(config.grammar or "", text) for text in texts)


@pytest.mark.parametrize(("size", "sentences", "tokens"), [(SMALL, 2, 96), (TRUSTED, 4, 300), (None, 4, 300)])
async def test_a_small_models_draft_has_at_most_two_sentences_and_96_tokens(
    size: int | None, sentences: int, tokens: int
) -> None:
    config = await drafted(size)
    assert (most_sentences(config), config.max_tokens) == (sentences, tokens)


@pytest.mark.parametrize(("size", "may"), [(SMALL, False), (TRUSTED, True), (None, True)])
async def test_a_small_model_cannot_refuse(size: int | None, may: bool) -> None:
    config = await drafted(size)
    assert mock_grammar.allows(config.grammar or "", "It is not there.") is may


async def test_a_small_models_draft_may_be_as_long_as_the_user_says() -> None:
    assert (await drafted(SMALL, wanted=250)).max_tokens == 250
    assert (await drafted(SMALL, wanted=20)).max_tokens == 20


async def test_a_step_may_want_less_of_a_small_model() -> None:
    less = DRAFTING.model_copy(update={"sentences": 1, "limits": Writing(max_tokens=40)})
    config = await drafted(SMALL, step=less)
    assert (most_sentences(config), config.max_tokens) == (1, 40)
    assert (await drafted(SMALL, context=100)).max_tokens == 50


async def test_where_the_file_says_from_when_a_model_is_trusted_that_counts() -> None:
    config = await drafted(SMALL, step=DRAFTING.model_copy(update={"trusted_from": 1}))
    assert (most_sentences(config), config.max_tokens) == (4, 300)
