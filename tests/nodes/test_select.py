import pytest

from mm_orch.records.limits import Limits
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import node, page, prompt, ran, sized

ANSWER = prompt("answer", "{passages} / {question}")
STEP = node(
    "select",
    reads={"pages": "pages", "question": "query"},
    prompt="answer",
    writes={"passages": "passages", "ledger": "ledger", "coverage": "coverage", "overflow": "overflow"},
)
DANCE = "Honey bees dance to tell each other where flowers are. "
OTHER = "The price of copper rose again in the third quarter of that year. "


async def test_the_passage_that_suits_the_question_comes_from_whatever_page_has_it() -> None:
    pages = [page(1, OTHER * 20), page(2, f"{OTHER * 30}\n\n{DANCE * 3}\n\n{OTHER * 30}")]
    done = await ran(STEP, {"pages": pages, "query": "How do honey bees dance?"}, ANSWER)
    first = done.outputs["passages"][0]
    assert (first.id, first.url) == (1, page(2).url)
    assert DANCE.strip() in first.text
    assert pages[1].text[first.start :].startswith(first.text)


async def test_what_is_chosen_fits_a_small_context_and_the_rest_is_in_the_ledger() -> None:
    engine = MockEngine(context_length=256)
    pages = [page(number, f"{DANCE} Number {number}. " * 30) for number in range(1, 5)]
    done = await ran(STEP, {"pages": pages, "query": "How do honey bees dance?"}, ANSWER, engine=engine)
    ledger = done.outputs["ledger"]
    assert ledger.context == 256
    assert 0 < ledger.used <= 256
    assert [entry.reason for entry in ledger.entries if not entry.used]


async def test_coverage_is_low_where_the_pages_speak_of_something_else() -> None:
    asked = {"query": "How do honey bees dance?"}
    there = await ran(STEP, {"pages": [page(1, DANCE * 3)], **asked}, ANSWER)
    missing = await ran(STEP, {"pages": [page(1, OTHER * 3)], **asked}, ANSWER)
    assert missing.outputs["coverage"] < 0.5 < there.outputs["coverage"]


LONG_PAGE = page(1, "".join(f"{DANCE}Number {number} is the flower. " * 4 + "\n\n" for number in range(60)))


@pytest.mark.parametrize(
    ("size", "tokens", "small", "most"),
    [
        (999_999_999, 900, 400, 400),
        (1_000_000_000, 900, 400, 900),
        (None, 900, 400, 900),
        (1, 300, 400, 300),
    ],
)
async def test_a_small_model_gets_fewer_tokens_of_passages(
    size: int | None, tokens: int, small: int, most: int
) -> None:
    limits = STEP.model_validate({**STEP.model_dump(), "limits": {"tokens": tokens, "small_tokens": small}}).limits
    step = STEP.model_copy(update={"limits": limits})
    asked = {"pages": [LONG_PAGE], "query": "How do honey bees dance?"}
    done = await ran(step, asked, ANSWER, engine=sized(size, context_length=8192))
    used = sum(passage.tokens for passage in done.outputs["passages"])
    assert most * 0.6 < used <= most
    reasons = {entry.reason for entry in done.outputs["ledger"].entries if not entry.used}
    assert f"over the step's limit of {most} tokens" in reasons


async def test_a_small_model_gets_the_beginning_of_a_passage_that_is_longer_than_it_may_read() -> None:
    step = STEP.model_copy(update={"limits": STEP.limits.model_copy(update={"small_tokens": 60})})
    asked = {"pages": [page(1, DANCE * 20)], "query": "How do honey bees dance?"}
    done = await ran(step, asked, ANSWER, engine=sized(1))
    [part] = done.outputs["passages"]
    assert part.text.startswith(DANCE.strip())
    assert part.tokens <= 60


async def test_the_users_limit_for_the_answer_is_kept_free() -> None:
    asked = {"pages": [page(1, DANCE)], "query": "How do honey bees dance?"}
    kept = []
    for limits in (Limits(), Limits(generation={"max_tokens": 77})):
        done = await ran(STEP, asked, ANSWER, limits=limits)
        kept += [entry.tokens for entry in done.outputs["ledger"].entries if entry.kind == "answer"]
    assert kept == [300, 77]


async def test_what_fits_a_context_of_512_tokens_is_read_and_notes_are_wanted_of_the_rest() -> None:
    words = ("red", "old", "far", "near", "low")
    pages = [page(number, f"{DANCE}{f'The {word} {word}ish bees. ' * 12}") for number, word in enumerate(words, 1)]
    asked = {"pages": pages, "query": "How do honey bees dance?"}
    done = await ran(STEP, asked, ANSWER, engine=MockEngine(context_length=512))
    assert done.outputs["passages"]
    assert done.outputs["overflow"]
    assert done.outputs["ledger"].used <= 512


async def test_pages_without_a_word_of_the_question_are_read_from_their_beginnings_and_that_is_told() -> None:
    done = await ran(STEP, {"pages": [page(1, OTHER)], "query": "蜜蜂怎么跳舞？"}, ANSWER, language="zh")
    assert done.outputs["passages"][0].text.startswith(OTHER.strip())
    assert "没有一段文字含有问题里的词" in done.run.warnings[0]
    assert done.run.degraded
