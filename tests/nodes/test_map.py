import pytest

from mm_orch.records.event import StepProgress
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import node, prompt, ran

SCHEMA = {"type": "object", "properties": {"question": {"type": "string"}, "answer": {"type": "string"}}}
ASK = prompt("ask", "{number} {part} {topic}")
STEP = node(
    "map",
    over="count",
    item="number",
    cycle={"part": "parts"},
    reads=["topic"],
    prompt="ask",
    limits={"max_tokens": 9},
)
STATE = {"count": 3, "parts": ["roots", "leaves"], "topic": "plants"}


async def test_each_number_gets_a_request_and_lists_take_turns() -> None:
    engine = MockEngine(script=["one", "two", "three"])
    done = await ran(STEP, STATE, ASK, engine=engine)
    assert done.outputs == {"items": ["one", "two", "three"]}
    asked = [request.prompt[-1].content for request in engine.requests]
    assert asked == ["1 roots plants", "2 leaves plants", "3 roots plants"]
    assert StepProgress("step", "out", 3, 3) in done.events


@pytest.mark.parametrize(
    "junk", ["", "{", '{"question": "What', "no structure at all", '{"question": "' + "x " * 99]
)
async def test_as_many_results_as_elements_whatever_the_model_writes(junk: str) -> None:
    engine = MockEngine(script=lambda request: junk)
    done = await ran(STEP, STATE, prompt("ask", "{number} {part} {topic}", SCHEMA), engine=engine)
    assert [set(item) for item in done.outputs["items"]] == [{"question", "answer"}] * 3
    assert done.run.degraded


async def test_a_text_at_its_limit_ends_with_a_whole_sentence() -> None:
    engine = MockEngine(script=lambda request: "It is so. And then it goes on and on and on and on.")
    done = await ran(STEP, {**STATE, "count": 1}, ASK, engine=engine)
    assert done.outputs["items"] == ["It is so."]


async def test_the_elements_of_a_list_are_the_item() -> None:
    engine = MockEngine(script=["a", "b"])
    step = node("map", over="parts", item="part", prompt="ask")
    await ran(step, STATE, prompt("ask", "About {part}"), engine=engine)
    assert [request.prompt[-1].content for request in engine.requests] == ["About roots", "About leaves"]


async def test_nothing_to_do_asks_nothing() -> None:
    engine = MockEngine()
    done = await ran(STEP, {**STATE, "count": 0}, ASK, engine=engine)
    assert done.outputs == {"items": []}
    assert not engine.requests


async def test_a_blank_element_is_asked_for_once_more_in_other_words() -> None:
    engine = MockEngine(script=["one", " ", "three", "two"])
    done = await ran(STEP, STATE, ASK, engine=engine)
    assert done.outputs == {"items": ["one", "two", "three"]}
    first, second = engine.requests[1], engine.requests[3]
    assert first.prompt == second.prompt
    assert second.config.temperature > 0
    assert not done.run.degraded


async def test_an_element_that_stays_blank_is_told() -> None:
    engine = MockEngine(script=["one", "", "three", ""])
    done = await ran(STEP, STATE, ASK, engine=engine)
    assert done.outputs == {"items": ["one", "", "three"]}
    assert done.run.warnings == ["step 'step', part 2 of 3: the model wrote nothing, twice"]
    assert done.run.degraded


async def test_a_structure_with_a_blank_in_it_is_asked_for_once_more() -> None:
    engine = MockEngine(script=['{"question": "Why?", "answer": " "}', '{"question": "Why?", "answer": "So."}'])
    asks = prompt("ask", "{number} {part} {topic}", SCHEMA)
    step = node("map", over="count", item="number", cycle={"part": "parts"}, reads=["topic"], prompt="ask")
    done = await ran(step, {**STATE, "count": 1}, asks, engine=engine)
    assert done.outputs == {"items": [{"question": "Why?", "answer": "So."}]}
    assert not done.run.warnings
