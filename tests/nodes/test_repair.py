"""Sentences written again say what the passage says, and are still only sentences."""

import pytest

from mm_orch.nodes.base import Deps
from mm_orch.nodes.repair import rewritten
from mm_orch.nodes.step_run import StepRun
from mm_orch.prompts import PromptLibrary
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import prompt

AGAIN = prompt("repair", "{passage} / {sentence}")
PAIR = ("The wall is 9,000 km long.", "[1] The wall is 21,196 km long.")


def running(engine: MockEngine) -> StepRun:
    return StepRun("verify", Deps(engine, PromptLibrary([AGAIN])), "en", lambda _: None)


async def test_all_are_written_again_at_once_and_come_in_their_order() -> None:
    engine = MockEngine(script=[" The wall is long. ", "月球很远。"])
    run = running(engine)
    assert await rewritten(run, AGAIN, [PAIR, ("b", "c")]) == ["The wall is long.", "月球很远。"]
    assert [str(request.prompt[-1].content) for request in engine.requests] == [f"{PAIR[1]} / {PAIR[0]}", "c / b"]
    assert run.usage.completion_tokens > 0


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("The wall is 21,196 km long. [1]", "The wall is 21,196 km long."),
        ("The wall is 21,196 km long [1].", "The wall is 21,196 km long."),
        ("[1] The wall is 21,196 km long.", "The wall is 21,196 km long."),
        ("墙长21196千米。【1】", "墙长21196千米。"),
        ("The wall [1, 2] is long. [1][99]", "The wall is long."),
        ("The wall is long.\nI hope that this helps.", "The wall is long."),
        ("[1]", ""),
        ("", ""),
    ],
)
async def test_a_number_copied_from_the_passage_and_a_second_line_are_no_part_of_it(
    written: str, sentence: str
) -> None:
    assert await rewritten(running(MockEngine(script=[written])), AGAIN, [PAIR]) == [sentence]


async def test_what_broke_off_at_the_limit_ends_with_its_last_whole_sentence() -> None:
    engine = MockEngine(script=["The wall is long. " + "It goes on and " * 90])
    assert await rewritten(running(engine), AGAIN, [PAIR]) == ["The wall is long."]


async def test_nothing_to_write_asks_nothing() -> None:
    engine = MockEngine(script=[])
    assert await rewritten(running(engine), AGAIN, []) == []
    assert not engine.requests
