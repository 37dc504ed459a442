from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import node, page, prompt, ran

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
