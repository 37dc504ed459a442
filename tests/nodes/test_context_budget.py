"""A prompt, its question, its answer and its passages fit the context together, whatever there is of each."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mm_orch.errors import ContextLengthExceeded
from mm_orch.nodes import context_budget
from mm_orch.nodes.base import Deps
from mm_orch.nodes.context_budget import Budget, Wanted
from mm_orch.nodes.prompt_values import as_text
from mm_orch.nodes.step_run import StepRun
from mm_orch.prompts import Prompt, PromptLibrary
from mm_orch.records.ledger import LedgerEntry
from mm_orch.records.passage import Passage
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import prompt

ASK = prompt("answer", "{passages} / {question}")
EXAMPLES = prompt("answer", "{passages} / {question}", examples=[{"user": "word " * 40, "assistant": "word"}])
WALL = "How long is the Great Wall?"


def passage(number: int, text: str, title: str = "") -> Passage:
    return Passage(0, f"http://site/{number}", title or f"Page {number}", "", text, start=number)


def sentences(words: int, number: int = 0) -> str:
    """About ``words`` words of text in sentences of five."""
    return f"Sentence {number} has five words. " * (words // 5)


async def filled(
    *ranked: Passage,
    context: int = 512,
    tokens: int = 2400,
    answer: int = 100,
    question: str = WALL,
    wording: Prompt = ASK,
    language: str = "en",
) -> Budget:
    run = StepRun(
        "select", Deps(MockEngine(context_length=context), PromptLibrary([]), nonce="abcd1234"), language, print
    )
    return await context_budget.fill(run, wording, question, ranked, Wanted(tokens, answer))


async def size(passages: list[Passage]) -> int:
    """Tokens of passages as they stand in a prompt."""
    return sum(await MockEngine().count_tokens([as_text(each, "abcd1234") for each in passages]))


def entries(done: Budget, *, used: bool = True) -> list[LedgerEntry]:
    return [entry for entry in done.ledger.closed().entries if entry.used == used]


async def test_what_fits_goes_in_numbered_in_the_order_of_its_rank_with_its_tokens() -> None:
    done = await filled(passage(7, sentences(20)), passage(3, sentences(20)))
    assert [(each.id, each.url) for each in done.passages] == [(1, "http://site/7"), (2, "http://site/3")]
    assert sum(each.tokens for each in done.passages) == await size(done.passages)
    assert done.overflow == []
    assert [entry.kind for entry in entries(done)] == ["prompt", "question", "answer", "passage", "passage"]
    assert entries(done)[-1].what == "Page 3 <http://site/3>"


async def test_a_passage_that_does_not_fit_makes_way_for_a_shorter_one_behind_it_and_is_noted() -> None:
    done = await filled(passage(1, sentences(50)), passage(2, sentences(400)), passage(3, sentences(20)))
    assert [each.url for each in done.passages] == ["http://site/1", "http://site/3"]
    assert [(each.id, each.url) for each in done.overflow] == [(3, "http://site/2")]
    [cut] = entries(done, used=False)
    assert (cut.what, cut.reason) == ("Page 2 <http://site/2>", "does not fit the context")


async def test_room_is_kept_for_notes_on_what_does_not_fit() -> None:
    done = await filled(*(passage(number, sentences(60, number)) for number in range(1, 9)))
    assert done.passages
    assert done.overflow
    assert done.ledger.left >= context_budget.NOTE_TOKENS * len(done.overflow)
    assert [each.id for each in [*done.passages, *done.overflow]] == list(
        range(1, len(done.passages) + len(done.overflow) + 1)
    )


async def test_where_notes_would_leave_no_room_to_read_a_passage_goes_before_them() -> None:
    whole = passage(1, sentences(100, 1))
    done = await filled(whole, passage(2, sentences(100, 2)))
    assert [each.text for each in done.passages] == [whole.text]
    assert entries(done)[-1].what == "Page 1 <http://site/1>"
    assert done.overflow == []


async def test_what_is_over_the_steps_own_limit_gets_no_note() -> None:
    done = await filled(
        *(passage(number, sentences(60, number)) for number in range(1, 5)), context=8192, tokens=400
    )
    assert await size(done.passages) <= 400
    assert len(done.passages) == 2
    assert done.overflow == []
    assert {entry.reason for entry in entries(done, used=False)} == {"over the step's limit of 400 tokens"}


@pytest.mark.parametrize(("context", "tokens"), [(512, 2400), (8192, 200)])
async def test_of_a_first_passage_that_is_too_long_the_beginning_goes_in(context: int, tokens: int) -> None:
    whole = passage(1, sentences(900))
    done = await filled(whole, passage(2, sentences(900)), context=context, tokens=tokens)
    [part] = done.passages
    assert whole.text.startswith(part.text)
    assert part.text.endswith("five words.")
    assert 100 < part.tokens <= min(context, tokens)
    assert entries(done)[-1].what == "Page 1 <http://site/1> (its beginning)"


@pytest.mark.parametrize("text", ["word" * 3000, "长" * 3000, "长城很长，" * 900])
async def test_a_first_sentence_without_an_end_is_cut_inside(text: str) -> None:
    [part] = (await filled(passage(1, text))).passages
    assert text.startswith(part.text)
    assert len(part.text) > 100


async def test_a_title_that_leaves_no_room_for_a_passage_leaves_it_out() -> None:
    done = await filled(passage(1, sentences(900), title="title " * 900))
    assert done.passages == []
    assert done.ledger.closed().used <= 512


async def test_the_answer_gets_a_quarter_of_a_small_context_at_most() -> None:
    done = await filled(passage(1, sentences(20)), context=512, answer=9999)
    [answer] = [entry for entry in entries(done) if entry.kind == "answer"]
    assert answer.tokens == 128


async def test_examples_stay_out_of_a_small_context_and_in_a_large_one() -> None:
    costs = {}
    for context in (256, 8192):
        done = await filled(passage(1, sentences(20)), context=context, wording=EXAMPLES)
        costs[context] = entries(done)[0].tokens
    assert costs[8192] - costs[256] > 40


@pytest.mark.parametrize(("context", "question"), [(64, WALL), (512, "word " * 600), (512, "长" * 512)])
async def test_a_prompt_that_leaves_no_room_to_read_is_an_error(context: int, question: str) -> None:
    with pytest.raises(ContextLengthExceeded):
        await filled(passage(1, sentences(20)), context=context, question=question)


async def test_no_passages_are_no_error() -> None:
    done = await filled()
    assert (done.passages, done.overflow) == ([], [])


async def test_a_long_question_is_named_by_its_beginning() -> None:
    done = await filled(passage(1, sentences(20)), question="word\n" * 40)
    [question] = [entry for entry in entries(done) if entry.kind == "question"]
    assert question.what.endswith("word word…")
    assert len(question.what) == 60


TEXTS = st.builds(
    lambda unit, times: unit * times,
    st.sampled_from(["word. ", "长城很长。", "x", "a|b\n", " "]),
    st.integers(0, 700),
)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(16, 2048),
    st.integers(48, 1500),
    st.integers(1, 400),
    st.lists(TEXTS, max_size=5),
    st.text("word 长?", max_size=200),
)
@example(512, 1200, 300, ["word. " * 700] * 5, WALL)
@example(512, 48, 1, ["长城很长。" * 700], "长城有多长？")
async def test_what_goes_in_is_never_over_the_context_nor_over_what_was_wanted(
    context: int, tokens: int, answer: int, texts: list[str], question: str
) -> None:
    ranked = [passage(number, text) for number, text in enumerate(texts)]
    try:
        done = await filled(*ranked, context=context, tokens=tokens, answer=answer, question=question)
    except ContextLengthExceeded:
        return
    ledger = done.ledger.closed()
    assert ledger.used <= context
    assert sum(each.tokens for each in done.passages) == await size(done.passages) <= tokens
    assert [each.id for each in [*done.passages, *done.overflow]] == [
        *range(1, len(done.passages) + len(done.overflow) + 1)
    ]
    named = {(each.url, each.start) for each in done.passages}
    assert len(named) == len(done.passages)
    assert {(each.url, each.start) for each in done.overflow}.isdisjoint(named)
