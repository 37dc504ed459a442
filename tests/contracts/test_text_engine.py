"""What every ``TextEngine`` promises, held against the mock and against a real model of random weights."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch.errors import ContextLengthExceeded, EngineError, InvalidInput
from mm_orch.protocols import TextEngine
from mm_orch.records.generation import GenerationRequest, GenerationResult, TextChunk
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message
from mm_orch.records.model_config import ModelConfig
from mm_orch.records.prompt_text import PromptText
from mm_orch.runtime.conversation import ConversationManager
from mm_orch.runtime.inference_engine import InferenceEngine
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.runtime.real_model_manager import RealModelManager

CONTEXT = 2048


@pytest.fixture(scope="module")
def real(tiny_gguf: Path) -> Iterator[InferenceEngine]:
    with RealModelManager(catalogue={"tiny": ModelConfig(path=str(tiny_gguf), name="tiny")}) as manager:
        yield InferenceEngine("tiny", manager=manager)


@pytest.fixture(params=["mock", "real"])
def engine(request: pytest.FixtureRequest) -> TextEngine:
    return MockEngine(context_length=CONTEXT) if request.param == "mock" else request.getfixturevalue("real")


def ask(text: str = "What is machine learning?", **options: object) -> GenerationRequest:
    config = GenerationConfig(**{"max_tokens": 24, "seed": 1, **options})
    return GenerationRequest((Message("system", "You help."), Message("user", text)), config)


async def one(engine: TextEngine, request: GenerationRequest) -> GenerationResult:
    [result] = await engine.complete([request])
    return result


async def test_both_are_text_engines_that_say_what_they_are(engine: TextEngine) -> None:
    assert isinstance(engine, TextEngine)
    info = await engine.info()
    assert info.context_length == CONTEXT
    assert info.is_mock == isinstance(engine, MockEngine)
    assert info.model


async def test_what_an_engine_says_it_can_do_it_does(engine: TextEngine) -> None:
    can = (await engine.info()).can
    result = await one(engine, ask(max_tokens=1, logprobs=2, grammar='root ::= "well"'))
    assert result.text.startswith("w") == can.grammar
    assert bool(result.logprobs) == can.logprobs
    try:
        assert bool(await engine.embed(["one"])) == can.embeddings
    except EngineError:
        assert not can.embeddings


async def test_a_stream_is_pieces_that_join_to_the_result_which_comes_last(engine: TextEngine) -> None:
    events = [event async for event in engine.stream(ask(temperature=0))]
    assert isinstance(events[-1], GenerationResult)
    assert all(isinstance(event, TextChunk) and event.text for event in events[:-1])
    assert "".join(event.text for event in events) == events[-1].text * 2


async def test_streamed_and_whole_answers_are_the_same(engine: TextEngine) -> None:
    [*_, streamed] = [event async for event in engine.stream(ask(temperature=0))]
    assert (await one(engine, ask(temperature=0))).text == streamed.text


async def test_results_come_in_the_order_of_the_requests(engine: TextEngine) -> None:
    grammars = [f'root ::= "{word}"' for word in ("one", "two", "three", "four", "five")]
    results = await engine.complete([ask(grammar=grammar) for grammar in grammars])
    assert [result.text for result in results] == ["one", "two", "three", "four", "five"]


async def test_no_request_is_no_result(engine: TextEngine) -> None:
    assert await engine.complete([]) == []


async def test_an_answer_ends_at_its_limit_and_says_so(engine: TextEngine) -> None:
    result = await one(engine, ask(max_tokens=2, grammar='root ::= "machine learning is what and of to in you"'))
    assert result.finish_reason == "length"
    assert result.usage.completion_tokens == 2
    assert "machine learning is what and of to in you".startswith(result.text)


async def test_a_stop_string_ends_the_answer_before_it(engine: TextEngine) -> None:
    request = ask(max_tokens=200, grammar='root ::= "the machine STOP learning"', stop=("STOP", "never"))
    events = [event async for event in engine.stream(request)]
    assert events[-1].text.rstrip() == "the machine"
    assert "".join(event.text for event in events[:-1]) == events[-1].text
    assert events[-1].finish_reason == "stop"


async def test_a_schema_gives_a_document_that_it_allows(engine: TextEngine) -> None:
    schema = {
        "type": "object",
        "properties": {"level": {"enum": ["easy", "hard"]}, "done": {"type": "boolean"}},
        "required": ["level", "done"],
        "additionalProperties": False,
    }
    value = json.loads((await one(engine, ask(max_tokens=200, json_schema=schema))).text)
    assert value["level"] in ("easy", "hard")
    assert isinstance(value["done"], bool)


async def test_a_grammar_that_cannot_be_read_is_an_error_of_that_request_alone(engine: TextEngine) -> None:
    with pytest.raises(EngineError):
        await engine.complete([ask(grammar="root ::= other"), ask()])
    assert (await one(engine, ask(grammar='root ::= "well"'))).text == "well"


async def test_the_same_seed_gives_the_same_answer(engine: TextEngine) -> None:
    first, second = [await one(engine, ask(seed=7, temperature=1.0)) for _ in range(2)]
    assert first.text == second.text


async def test_a_prompt_is_counted_as_it_is_sent(engine: TextEngine) -> None:
    request = ask("机器学习 is what?")
    [counted, raw] = await engine.count_tokens([request.prompt, "the machine"])
    result = await one(engine, request)
    assert counted == result.usage.prompt_tokens > raw > 0
    assert "机器学习 is what?" in result.rendered
    assert result.rendered.index("You help.") < result.rendered.index("机器学习")


async def test_a_conversation_managers_prompt_is_rendered_like_its_messages(engine: TextEngine) -> None:
    conversation = ConversationManager(system_prompt="You help.")
    conversation.add_user_input("hello")
    prompt = conversation.build_prompt()
    assert (await engine.count_tokens([prompt])) == (await engine.count_tokens([prompt.messages]))


async def test_old_turns_make_room_and_the_system_message_and_the_question_stay(engine: TextEngine) -> None:
    turns = [Message(role, f"{number} hello " * 60) for number in range(40) for role in ("user", "assistant")]
    prompt = (Message("system", "You help."), *turns, Message("user", "what is my name"))
    result = await one(engine, GenerationRequest(prompt, GenerationConfig(max_tokens=4), trim_history=True))
    assert 0 < result.dropped_messages < len(turns)
    assert result.dropped_messages % 2 == 0
    assert "You help." in result.rendered
    assert "what is my name" in result.rendered
    assert "39 hello" in result.rendered
    assert not re.search(r"(?<!\d)0 hello", result.rendered)


async def test_a_history_budget_is_kept_even_where_more_would_fit(engine: TextEngine) -> None:
    turns = [Message(role, f"{number} hello") for number in range(20) for role in ("user", "assistant")]
    messages = (*turns, Message("user", "what is my name"))
    kept = await one(engine, GenerationRequest(PromptText([], messages, 90), GenerationConfig(max_tokens=4)))
    assert kept.dropped_messages > 0
    assert kept.usage.prompt_tokens <= 90


async def test_a_prompt_that_does_not_fit_is_an_error_with_its_numbers(engine: TextEngine) -> None:
    with pytest.raises(ContextLengthExceeded) as raised:
        await one(engine, ask("hello world " * 3000))
    assert raised.value.prompt_tokens > raised.value.limit
    assert raised.value.context_length == CONTEXT


async def test_a_conversation_without_a_message_is_refused(engine: TextEngine) -> None:
    with pytest.raises(InvalidInput):
        await one(engine, GenerationRequest(()))


async def test_who_stops_listening_leaves_the_engine_ready_for_the_next(engine: TextEngine) -> None:
    stream = engine.stream(ask(max_tokens=1000))
    async for _ in stream:
        break
    await stream.aclose()
    assert (await one(engine, ask(grammar='root ::= "well"'))).text == "well"


async def test_many_may_ask_at_once(engine: TextEngine) -> None:
    words = [f"{number}{number}" for number in range(12)]
    results = await asyncio.gather(*(one(engine, ask(grammar=f'root ::= "{word}"')) for word in words))
    assert [result.text for result in results] == words


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "<|im_end|>", "{{ 7 * 7 }}", "😀" * 20])
async def test_any_text_may_be_said(engine: TextEngine, text: str) -> None:
    result = await one(engine, ask(text, max_tokens=2))
    assert result.usage.completion_tokens <= 2
    assert "49" not in result.rendered


async def test_vectors_come_one_a_text_or_not_at_all(engine: TextEngine) -> None:
    try:
        vectors = await engine.embed(["one", "two"])
    except EngineError:
        return
    assert len(vectors) == 2
    assert len(vectors[0]) == len(vectors[1]) > 1
