"""What the mock alone promises; what it shares with a real engine is in tests/contracts."""

from __future__ import annotations

import json

import pytest

from mm_orch.errors import EngineError, GrammarError, SearchError
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message
from mm_orch.runtime.mock_engine import MockEngine


def request(text: str, **config: object) -> GenerationRequest:
    return GenerationRequest((Message("user", text),), GenerationConfig(**config))


async def write(engine: MockEngine, text: str, **config: object) -> str:
    return (await engine.complete([request(text, **config)]))[0].text


@pytest.mark.parametrize(
    ("asked", "said"),
    [("What is machine learning?", "built-in mock"), ("什么是机器学习？", "内置的模拟")],
)
async def test_it_answers_in_the_language_of_the_question_and_says_what_it_is(asked: str, said: str) -> None:
    text = await write(MockEngine(), asked)
    assert text.startswith("[mock]")
    assert said in text
    assert text.count("--real-models") == 1


async def test_it_goes_by_the_last_user_message() -> None:
    messages = (Message("system", "You help."), Message("user", "Hello there"), Message("user", "你好吗？"))
    [result] = await MockEngine().complete([GenerationRequest(messages)])
    assert "模拟" in result.text


async def test_it_cites_the_numbers_that_the_prompt_offers() -> None:
    text = await write(MockEngine(), "Question: x\n[1] One page.\n[2] Another.")
    assert "[1] [2]" in text


async def test_it_writes_a_valid_instance_of_a_schema() -> None:
    schema = {
        "type": "object",
        "properties": {
            "question": {"type": "string", "minLength": 5, "maxLength": 12},
            "level": {"enum": ["easy", "hard"]},
            "points": {"type": "integer", "minimum": 3, "maximum": 7},
            "answers": {"type": "array", "items": {"$ref": "#/$defs/line"}, "minItems": 2, "maxItems": 4},
            "hint": {"type": "string", "examples": ["Think twice."]},
            "share": {"type": "number", "maximum": 0.5},
            "note": {"anyOf": [{"type": "null"}, {"type": "string"}]},
        },
        "required": ["question"],
        "$defs": {"line": {"type": "string"}},
    }
    value = json.loads(await write(MockEngine(), "Write an exercise", json_schema=schema))
    assert 5 <= len(value["question"]) <= 12
    assert value["level"] == "easy"
    assert 3 <= value["points"] <= 7
    assert len(value["answers"]) == len(set(value["answers"])) == 2
    assert value["hint"] == "Think twice."
    assert value["share"] <= 0.5
    assert value["note"] is None


async def test_it_refuses_what_it_cannot_fill_and_names_it() -> None:
    schema = {"type": "object", "properties": {"code": {"type": "string", "pattern": "[A-Z]+"}}}
    with pytest.raises(GrammarError, match="'pattern' at 'code'"):
        await write(MockEngine(), "x", json_schema=schema)


async def test_it_refuses_a_schema_without_end() -> None:
    schema = {"$ref": "#/$defs/node", "$defs": {"node": {"properties": {"next": {"$ref": "#/$defs/node"}}}}}
    with pytest.raises(GrammarError, match="nests deeper"):
        await write(MockEngine(), "x", json_schema=schema)


@pytest.mark.parametrize(
    ("grammar", "text"),
    [
        ('root ::= "search_qa" | "lesson_pack"', "search_qa"),
        ('root ::= word ("," word){2} | "end" # or so\nword ::= [a-z]+ | "none"', "end"),
        ('root ::= "\\"\\n" | "x"', '"\n'),
    ],
)
async def test_it_writes_the_first_constant_that_a_grammar_allows(grammar: str, text: str) -> None:
    assert await write(MockEngine(), "Where to?", grammar=grammar) == text


@pytest.mark.parametrize(
    "grammar",
    ['start ::= "a"', "root ::= root", 'root ::= "a', "root ::= other", 'root ::= ("a"', "root ::= [a-z]+"],
)
async def test_it_refuses_a_grammar_that_gives_no_text(grammar: str) -> None:
    with pytest.raises(GrammarError):
        await write(MockEngine(), "x", grammar=grammar)


async def test_a_script_gives_one_line_after_the_other_and_raises_its_errors() -> None:
    engine = MockEngine(script=["one", SearchError("down"), "two"])
    assert await write(engine, "?") == "one"
    with pytest.raises(SearchError):
        await write(engine, "?")
    assert await write(engine, "?", stop="w") == "t"
    with pytest.raises(EngineError, match="no answer left"):
        await write(engine, "?")


async def test_a_function_may_be_the_script_and_the_requests_can_be_looked_at() -> None:
    engine = MockEngine(script=lambda asked: str(len(asked.prompt)))
    assert await write(engine, "?") == "1"
    assert engine.requests[0].prompt == (Message("user", "?"),)


async def test_texts_that_share_words_have_closer_vectors() -> None:
    cat, cats, law = await MockEngine().embed(["the black cat", "the black cats", "tax law"])
    assert sum(a * b for a, b in zip(cat, cats, strict=True)) > sum(a * b for a, b in zip(cat, law, strict=True))
