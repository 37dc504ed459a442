import json

from mm_orch.nodes.base import Limits
from mm_orch.records.message import Message
from mm_orch.records.note import Note
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import node, prompt, ran

ASK = prompt("ask", "{question}")
SAY = node("generate", reads={"question": "query"}, prompt="ask", limits={"max_tokens": 20, "temperature": 0.1})
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}


async def test_what_streams_is_what_the_step_writes() -> None:
    done = await ran(SAY, {"query": "Why?"}, ASK, engine=MockEngine(script=["\n  Because it is so.\n\n"]))
    assert done.outputs == {"text": "Because it is so."}
    assert done.shown == "Because it is so."


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


async def test_citations_of_no_note_never_reach_the_stream() -> None:
    step = SAY.model_copy(update={"cites": "notes"})
    notes = [Note(1, "Title", "http://site/1", "A note.")]
    done = await ran(step, {"query": "x", "notes": notes}, ASK, engine=MockEngine(script=["True [1]. False [8]."]))
    assert done.shown == "True [1]. False."


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
