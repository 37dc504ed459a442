import pytest

from mm_orch.nodes.base import Node
from mm_orch.records.answer_support import AnswerSupport
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.passage import Passage
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import Ran, Sized, node, ran, sized

WORDS = {
    "refused": {"en": "No answer:", "zh": "没有回答："},
    "missing": {"en": "Not found:", "zh": "没有提到："},
    "quoted": {"en": "The pages say:", "zh": "资料写道："},
    "unverified": {"en": "(not verified)", "zh": "（未核实）"},
}
READS = ["question", "text", "passages", "overflow", "coverage", "missing"]
WALL = Passage(
    1, "http://site/wall", "Great Wall", "", "The Great Wall is 21,196 km long. It was built by the Ming."
)
MOON = Passage(2, "http://site/moon", "The Moon", "", "The Moon is 384,400 km away. It has no air.")
CHINESE = Passage(3, "http://site/zh", "长城", "", "长城总长度为21196千米。长城有许多烽火台。")


def step(**keys: object) -> Node:
    writes = {"text": "answer", "sources": "sources", "support": "support"}
    return node("verify", reads=READS, writes=writes, words=WORDS, **keys)


async def verified(
    draft: str,
    *passages: Passage,
    question: str = "How long is the Great Wall?",
    language: str = "en",
    **more: object,
) -> Ran:
    state = {"question": question, "text": draft, "passages": list(passages or (WALL, MOON)), **more}
    return await ran(step(), state, engine=Sized(), language=language)


def verdicts(done: Ran) -> list[tuple[str, bool]]:
    support: AnswerSupport = done.outputs["support"]
    return [(each.verdict, each.repaired) for each in support.sentences]


async def test_a_sentence_that_its_passage_holds_is_shown_with_its_quote() -> None:
    done = await verified("The Great Wall is 21,196 kilometres long. [1]")
    assert done.outputs["text"] == done.shown == "The Great Wall is 21,196 kilometres long. [1]"
    [source] = done.outputs["sources"]
    assert (source.id, source.url, source.quote) == (1, WALL.url, "The Great Wall is 21,196 km long.")
    assert verdicts(done) == [("supported", False)]
    assert not done.run.warnings


async def test_sources_are_numbered_in_the_order_in_which_they_are_used() -> None:
    done = await verified("The Moon is 384,400 km away. [2] The Great Wall is 21,196 km long. [1]")
    assert done.outputs["text"] == "The Moon is 384,400 km away. [1] The Great Wall is 21,196 km long. [2]"
    assert [source.url for source in done.outputs["sources"]] == [MOON.url, WALL.url]


async def test_a_passage_that_is_not_cited_is_no_source() -> None:
    done = await verified("The Great Wall is 21,196 km long. [1]")
    assert [source.url for source in done.outputs["sources"]] == [WALL.url]


async def test_a_sentence_that_another_passage_holds_is_cited_from_that_one() -> None:
    done = await verified("The Great Wall is 21,196 km long. [2]")
    assert [source.url for source in done.outputs["sources"]] == [WALL.url]
    assert verdicts(done) == [("supported", True)]


async def test_a_wrong_number_is_replaced_by_the_words_of_the_passage() -> None:
    done = await verified("The Great Wall is 9,000 km long. [1]")
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"
    assert verdicts(done) == [("supported", True)]
    assert "9,000" in done.outputs["support"].sentences[0].reasons[0]


async def test_a_sentence_that_nothing_comes_close_to_is_dropped_and_counted() -> None:
    done = await verified("The Great Wall is 21,196 km long. [1] Cats like warm milk and sleep all day. [2]")
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"
    assert verdicts(done) == [("supported", False), ("dropped", False)]
    assert "1 of 2 sentences were left out" in done.run.warnings[0]


async def test_where_no_sentence_is_left_passages_are_quoted() -> None:
    done = await verified("Cats like warm milk and sleep all day. [2]")
    assert done.outputs["text"].startswith("The pages say:\n\n[1] Great Wall\n> The Great Wall is 21,196 km long.")
    assert done.outputs["support"].quoted_only
    assert done.run.degraded


@pytest.mark.parametrize("draft", ["The passages do not answer this.", ""])
async def test_a_draft_without_cited_sentences_is_a_refusal(draft: str) -> None:
    done = await verified(draft, missing=["height"])
    assert done.outputs["text"] == "No answer: How long is the Great Wall?\n\nNot found: height"
    assert done.outputs["sources"] == []
    assert done.run.degraded


async def test_passages_that_have_too_little_of_the_question_are_not_taken_for_an_answer() -> None:
    done = await verified("The Great Wall is 21,196 km long. [1]", coverage=0.0, language="zh")
    assert done.outputs["text"].startswith("没有回答：")
    assert done.run.degraded


async def test_numbers_of_no_passage_are_removed_and_told() -> None:
    done = await verified("The Great Wall is 21,196 km long. [1][7]")
    assert "[7]" not in done.outputs["text"]
    assert done.run.warnings == ["citations that name no source were removed: [7]"]


async def test_an_address_that_no_passage_has_never_reaches_the_answer() -> None:
    done = await verified("The Great Wall is 21,196 km long, see https://evil.test/x or www.evil.test. [1]")
    assert "evil" not in done.outputs["text"]
    assert "2 addresses" in done.run.warnings[0]


async def test_what_is_in_another_language_is_marked_unverified() -> None:
    done = await verified("The Great Wall has many towers and is 21,196 km long. [3]", CHINESE)
    assert done.outputs["text"] == "The Great Wall has many towers and is 21,196 km long. (not verified) [1]"
    assert verdicts(done) == [("unverified", False)]


async def test_a_number_that_the_other_language_lacks_is_not_shown() -> None:
    done = await verified("The Great Wall is 8,000 km long. [3]", CHINESE)
    assert "8,000" not in done.outputs["text"]


async def test_a_large_model_says_whether_the_other_language_holds_it() -> None:
    def says(request: GenerationRequest) -> str:
        return "yes" if "towers" in str(request.prompt) else "no"

    engine = sized(7_000_000_000, script=says)
    draft = "The Great Wall has many towers. [3] The Great Wall is 21,196 km long. [3]"
    state = {"question": "What is the Great Wall?", "text": draft, "passages": [CHINESE]}
    from tests.fixtures.definitions import shipped_prompts

    prompt = shipped_prompts().get("search_qa/check")
    done = await ran(step(judge="search_qa/check"), state, prompt, engine=engine)
    assert verdicts(done)[0] == ("supported", False)
    assert done.outputs["support"].sentences[1].verdict == "dropped"


async def test_the_notice_of_the_engine_comes_first() -> None:
    state = {"question": "How long?", "text": "The Great Wall is 21,196 km long. [1]", "passages": [WALL]}
    done = await ran(step(), state, engine=MockEngine())
    assert done.outputs["text"].startswith("[mock]")
    assert "--real-models" in done.outputs["text"]
