"""Yes or no, by how likely a model finds either; and sentences written again, which are still only sentences."""

import math
from collections.abc import AsyncIterator, Sequence

import pytest

from mm_orch.nodes.base import Deps
from mm_orch.nodes.judge import judged, rewritten
from mm_orch.nodes.step_run import StepRun
from mm_orch.prompts import PromptLibrary
from mm_orch.records.generation import GenerationEvent, GenerationRequest, GenerationResult
from mm_orch.records.token_logprob import TokenLogprob
from mm_orch.records.usage import Usage
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import prompt

ASK = prompt("check", "{passage} / {sentence}")
AGAIN = prompt("repair", "{passage} / {sentence}")
PAIR = ("The wall is 9,000 km long.", "[1] The wall is 21,196 km long.")


class Likely(MockEngine):
    """Says how likely the first tokens of its answer were: None for nothing about that."""

    def __init__(self, text: str, *top: tuple[str, float], told: bool = True) -> None:
        super().__init__(script=lambda _: text)
        self._logprobs = (
            (TokenLogprob(text, 0.0, tuple((token, math.log(p)) for token, p in top)),) if told else None
        )

    async def complete(self, requests: Sequence[GenerationRequest]) -> list[GenerationResult]:
        self.requests.extend(requests)
        return [
            GenerationResult(self._text(request), "length", Usage(), logprobs=self._logprobs)
            for request in requests
        ]

    def stream(self, request: GenerationRequest) -> AsyncIterator[GenerationEvent]:
        raise AssertionError("sentences are asked about all at once")


def running(engine: MockEngine, language: str = "en") -> StepRun:
    return StepRun("verify", Deps(engine, PromptLibrary([ASK])), language, lambda _: None)


@pytest.mark.parametrize(
    ("top", "holds"),
    [
        ([("yes", 0.6), ("no", 0.4)], True),
        ([("no", 0.6), ("yes", 0.4)], False),
        ([(" Yes", 0.3), ("YES.", 0.3), ("no", 0.4)], True),
        ([("No", 0.4), ("yes", 0.3), ("y", 0.2), ("Y", 0.05)], True),
        ([("n", 0.4), (" NO", 0.2), ("yes", 0.3)], False),
        ([("是", 0.6), ("否", 0.4)], True),
        ([("不", 0.3), ("否。", 0.3), ("是。", 0.4)], False),
        ([("The", 0.9), ("no", 0.01)], False),
        ([("yes", 0.3), ("no", 0.3)], None),
        ([("The", 0.9), ("yesterday", 0.05), ("nothing", 0.05)], None),
    ],
)
async def test_the_likelier_word_is_taken_however_it_is_written(
    top: list[tuple[str, float]], holds: bool | None
) -> None:
    assert await judged(running(Likely(top[0][0], *top)), ASK, [("a", "b")]) == [holds]


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(("text", "holds"), [("Yes", True), ("否", False), ("Maybe", None), ("", None)])
async def test_an_engine_that_tells_no_likelihood_is_taken_by_its_word(
    text: str, holds: bool | None, told: bool
) -> None:
    assert await judged(running(Likely(text, told=told)), ASK, [("a", "b")]) == [holds]


async def test_all_sentences_are_asked_at_once_for_one_token_each_and_answered_in_their_order() -> None:
    engine = MockEngine(script=["yes", "no", "perhaps"])
    pairs = [("Wall is long.", "Wall."), ("Moon is near.", "Moon."), ("Tea is hot.", "Tea.")]
    assert await judged(running(engine), ASK, pairs) == [True, False, None]
    assert [str(request.prompt[-1].content) for request in engine.requests] == [f"{b} / {a}" for a, b in pairs]
    assert {(each.config.max_tokens, each.config.temperature) for each in engine.requests} == {(1, 0)}
    assert all(each.config.logprobs for each in engine.requests)


async def test_nothing_to_ask_about_asks_nothing() -> None:
    engine = MockEngine(script=[])
    assert await judged(running(engine), ASK, []) == []
    assert not engine.requests


# Written once more.


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
