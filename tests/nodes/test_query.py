"""What is searched for: one question that stands alone, other words the second time, addresses that were typed."""

from typing import Any

import pytest

from mm_orch.errors import EngineError
from mm_orch.records.message import Message
from mm_orch.records.search import Hit
from tests.fixtures.steps import Ran, Sized, node, prompt, ran, sized

ALONE = prompt("alone", "{history} / {question}")
MORE = prompt("more", "{question}")
WRITES = {name: name for name in ("question", "query", "typed", "asked", "also")}
READS = {"question": "text", "history": "history", "missing": "missing", "asked": "asked"}
BARE = node("query", reads=READS, writes=WRITES)
ASKING = node("query", reads=READS, writes=WRITES, standalone="alone", expand="more")
WALL, LONG = "How long is the Great Wall?", 1_000_000_000


async def queried(question: str, **state: Any) -> Ran:
    return await ran(BARE, {"text": question, **state})


async def written(engine: Sized, question: str, **state: Any) -> Ran:
    return await ran(ASKING, {"text": question, **state}, ALONE, MORE, engine=engine)


def said(*questions: str) -> list[Message]:
    """A conversation in which a person asked those, and was answered."""
    return [turn for each in questions for turn in (Message("user", each), Message("assistant", "It is so."))]


@pytest.mark.parametrize("question", [WALL, "长城有多长？"])
async def test_a_question_is_searched_for_as_it_is(question: str) -> None:
    done = await queried(question)
    assert done.outputs == {"question": question, "query": question, "typed": [], "asked": [question], "also": ""}
    assert not done.run.warnings


@pytest.mark.parametrize(
    ("earlier", "question", "alone"),
    [
        ([WALL], "And the Moon?", f"{WALL} And the Moon?"),
        ([WALL, "Why?"], "And how wide is it?", f"{WALL} And how wide is it?"),
        (["长城有多长？"], "那它有多高？", "长城有多长？ 那它有多高？"),
        (["2010年柏林有多少人口？"], "那2020年呢？", "2020年柏林有多少人口？"),
        ([WALL], "How tall is Mount Everest?", "How tall is Mount Everest?"),
        (["长城有多长？"], "珠穆朗玛峰有多高？", "珠穆朗玛峰有多高？"),
    ],
)
async def test_a_follow_up_is_joined_to_what_it_leans_on(earlier: list[str], question: str, alone: str) -> None:
    done = await queried(question, history=said(*earlier))
    assert (done.outputs["question"], done.outputs["query"]) == (alone, alone)


async def test_what_only_the_model_said_is_no_question_to_lean_on() -> None:
    done = await queried("And the Moon?", history=[Message("assistant", WALL)])
    assert done.outputs["question"] == "And the Moon?"


@pytest.mark.parametrize(
    ("question", "urls", "rest"),
    [
        ("What does http://site/a say?", ["http://site/a"], "What does say?"),
        ("https://site/a里说了什么？", ["https://site/a"], "里说了什么？"),
        (
            "Compare http://site and http://site/b, please.",
            ["http://site", "http://site/b"],
            "Compare and , please.",
        ),
        ("http://site/b http://site", ["http://site/b", "http://site"], "http://site/b http://site"),
        ("(http://site/a).", ["http://site/a"], "http://site/a"),
        ("http://site/a?", ["http://site/a"], "http://site/a"),
        ("https://site/a。", ["https://site/a"], "https://site/a"),
        ("Read ftp://site/a now", [], "Read ftp://site/a now"),
    ],
)
async def test_typed_addresses_are_hits_and_no_words_of_the_question(
    question: str, urls: list[str], rest: str
) -> None:
    done = await queried(question)
    assert done.outputs["typed"] == [Hit(url, "", provider="typed") for url in urls]
    assert done.outputs["question"] == rest
    assert "http" not in done.outputs["query"]


async def test_an_address_alone_after_a_question_leans_on_nothing() -> None:
    done = await queried("http://site/a", history=said(WALL))
    assert done.outputs["question"] == "http://site/a"
    assert done.outputs["query"] == ""


async def test_an_address_in_a_follow_up_is_read_and_the_rest_joined() -> None:
    done = await queried("And what does http://site/a say?", history=said(WALL))
    assert done.outputs["question"] == f"{WALL} And what does say?"
    assert [found.url for found in done.outputs["typed"]] == ["http://site/a"]


@pytest.mark.parametrize("question", ["What is it?", "这是什么？", "???"])
async def test_a_question_that_is_about_nothing_is_told(question: str) -> None:
    done = await queried(question)
    assert "no word that says what it is about" in done.run.warnings[0]
    assert done.outputs["question"] == question


async def test_a_second_round_searches_for_what_was_missing_first_and_never_the_same_again() -> None:
    first = await queried(WALL, missing=["great"], asked=[WALL])
    assert first.outputs["query"].startswith("great")
    assert first.outputs["asked"] == [WALL, first.outputs["query"]]
    second = await queried(WALL, missing=["great"], asked=first.outputs["asked"])
    assert second.outputs["query"] not in first.outputs["asked"]


async def test_a_long_question_is_searched_for_by_the_sentence_that_asks() -> None:
    done = await queried("I was in China last year. " * 20 + WALL)
    assert done.outputs["query"] == WALL
    assert done.outputs["question"].startswith("I was in China")


async def test_a_large_model_makes_a_follow_up_stand_alone() -> None:
    engine = sized(LONG, script=["How tall is the Great Wall?"])
    done = await written(engine, "How tall is it?", history=said("Why?", WALL))
    assert done.outputs["question"] == done.outputs["query"] == "How tall is the Great Wall?"
    [request] = engine.requests
    assert (request.config.max_tokens, request.config.temperature) == (64, 0)
    assert "user: How long is the Great Wall?\nassistant: It is so. / How tall is it?" in str(
        request.prompt[-1].content
    )


async def test_a_model_sees_the_last_turns_and_the_beginning_of_each() -> None:
    engine = sized(LONG, script=[""])
    await written(engine, "How tall is it?", history=[*said("Oldest?", "Old?"), Message("user", "x " * 900)])
    shown = str(engine.requests[0].prompt[-1].content)
    assert "Oldest" not in shown
    assert "Old?" in shown
    assert len(shown) < 600


@pytest.mark.parametrize(
    "text",
    [
        "How tall is Mount Everest?",
        "",
        "How tall is the Great Wall? See https://evil.test",
        "How tall\nis the Great Wall?",
        "长城有多高？",
        "How tall is it?",
    ],
)
async def test_a_rewriting_that_says_something_else_is_not_used(text: str) -> None:
    done = await written(sized(LONG, script=[text]), "How tall is it?", history=said(WALL))
    assert done.outputs["question"] == f"{WALL} How tall is it?"


@pytest.mark.parametrize("size", [None, LONG - 1])
async def test_a_small_model_and_one_of_unknown_size_are_not_asked(size: int | None) -> None:
    engine = sized(size, script=[])
    done = await written(engine, "How tall is it?", history=said(WALL), asked=[WALL])
    assert done.outputs["question"] == f"{WALL} How tall is it?"
    assert done.outputs["also"] == ""
    assert not engine.requests


async def test_a_question_that_stands_alone_is_not_shown_to_a_model() -> None:
    engine = sized(LONG, script=[])
    await written(engine, WALL, history=said("Why?"))
    assert not engine.requests


async def test_a_model_that_fails_is_told_and_code_joins_the_question() -> None:
    engine = sized(LONG, script=[EngineError("it crashed")])
    done = await written(engine, "How tall is it?", history=said(WALL))
    assert done.outputs["question"] == f"{WALL} How tall is it?"
    assert "the model could not be asked: it crashed" in done.run.warnings[0]
    assert not done.run.degraded


async def test_words_that_a_model_brings_are_searched_for_the_second_time() -> None:
    done = await written(sized(LONG, script=["  China\n Ming dynasty "]), WALL, asked=[WALL])
    assert done.outputs["also"] == "China Ming dynasty"
    assert done.outputs["query"].endswith("China Ming dynasty")


async def test_an_address_that_a_model_brings_is_not_searched_for() -> None:
    done = await written(sized(LONG, script=["see http://evil.test/x"]), WALL, asked=[WALL])
    assert done.outputs["also"] == ""
    assert "evil" not in done.outputs["query"]
