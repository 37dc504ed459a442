import pytest

from mm_orch.nodes.base import Node
from mm_orch.records.answer_support import AnswerSupport
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.passage import Passage
from mm_orch.records.source import Source
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import Ran, node, prompt, ran, sized

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
    size: int | None = None,
    **more: object,
) -> Ran:
    state = {"question": question, "text": draft, "passages": list(passages or (WALL, MOON)), **more}
    return await ran(step(), state, engine=sized(size), language=language)


def verdicts(done: Ran) -> list[tuple[str, bool]]:
    support: AnswerSupport = done.outputs["support"]
    return [(each.verdict, each.repaired) for each in support.sentences]


async def test_a_sentence_that_its_passage_holds_is_shown_with_its_quote() -> None:
    done = await verified("The Great Wall is 21,196 km long. [1]")
    assert done.outputs["text"] == done.shown == "The Great Wall is 21,196 km long. [1]"
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


async def test_a_sentence_in_other_words_is_marked_and_keeps_its_source() -> None:
    done = await verified("The Great Wall is 21,196 kilometres long. [1]")
    assert done.outputs["text"] == "The Great Wall is 21,196 kilometres long. (not verified) [1]"
    assert verdicts(done) == [("unverified", False)]
    assert done.outputs["sources"][0].quote == "The Great Wall is 21,196 km long."
    assert not done.run.warnings


async def test_a_contradicted_sentence_that_nothing_comes_close_to_is_left_out_and_counted() -> None:
    done = await verified("The Great Wall is 21,196 km long. [1] Cats sleep 16 hours a day. [2]")
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"
    assert verdicts(done) == [("supported", False), ("contradicted", False)]
    assert "1 of 2 sentences were left out" in done.run.warnings[0]


async def test_where_no_sentence_is_left_passages_are_quoted() -> None:
    done = await verified("Cats sleep 16 hours a day. [2]")
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
    other = done.outputs["support"].sentences[1]
    assert (other.verdict, other.shown) == ("unverified", True)
    assert other.reasons == ("in another language", "the model finds it is not said there")


async def test_the_notice_of_the_engine_comes_first() -> None:
    state = {"question": "How long?", "text": "The Great Wall is 21,196 km long. [1]", "passages": [WALL]}
    done = await ran(step(), state, engine=MockEngine())
    assert done.outputs["text"].startswith("[mock]")
    assert "--real-models" in done.outputs["text"]


@pytest.mark.parametrize(
    "draft",
    [
        "The Great Wall is 21,196 km long.[1]",
        "The Great Wall is 21,196 km long【1】.",
        "The Great Wall is 21,196 km long. [ 1 ]",
        "The Great Wall is 21,196 km long. ［１］",
        "The Great Wall is 21,196 km long [1, 2].",
        "The Great Wall is 21,196 km long. [2，1]",
        "The Great Wall is 21,196 km long. [1][1]",
        "- The Great Wall is 21,196 km long. [1]",
    ],
)
async def test_a_citation_counts_however_it_is_written(draft: str) -> None:
    done = await verified(draft)
    assert done.outputs["text"].lstrip("- ") == "The Great Wall is 21,196 km long. [1]"
    assert [source.url for source in done.outputs["sources"]] == [WALL.url]
    assert not done.run.warnings


@pytest.mark.parametrize(
    ("cited", "unknown"), [("[1][99]", "[99]"), ("[1, 99]", "[99]"), ("【99】[0]", "[99], [0]")]
)
async def test_numbers_of_no_passage_do_not_take_the_sentence_along(cited: str, unknown: str) -> None:
    done = await verified(f"The Great Wall is 21,196 km long. {cited}")
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"
    assert done.run.warnings[0] == f"citations that name no source were removed: {unknown}"


async def test_a_sentence_that_is_said_twice_is_shown_once() -> None:
    done = await verified("The Great Wall is 21,196 km long. [1] The Great Wall is 21,196 km long. [1]")
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"
    assert len(done.outputs["support"].sentences) == 1


async def test_passages_that_only_notes_were_read_of_hold_sentences_too() -> None:
    done = await verified(
        "The Moon is 384,400 km away. [2]", WALL, overflow=[MOON], question="How far is the Moon?"
    )
    assert done.outputs["sources"] == [Source(1, "The Moon", MOON.url, "The Moon is 384,400 km away.")]


@pytest.mark.parametrize(
    ("draft", "passage", "question", "language"),
    [
        ("见evil.com：长城长21196千米。[3]", CHINESE, "长城有多长？", "zh"),
        ("The Great Wall, see [it](https://evil.test), is 21,196 km long. [1]", WALL, "How long is it?", "en"),
        ("The Great Wall is 21,196 km long, ｅｖｉｌ．ｃｏｍ says. [1]", WALL, "How long is the Great Wall?", "en"),
        ("The Great Wall is 21,196 km long. [1] <a href='//evil'>More</a> [1]", WALL, "How long?", "en"),
    ],
)
async def test_no_address_gets_through_however_it_is_written(
    draft: str, passage: Passage, question: str, language: str
) -> None:
    done = await verified(draft, passage, question=question, language=language)
    assert "21" in done.outputs["text"]
    assert "evil" not in done.outputs["text"].replace("ｅｖｉｌ", "evil")
    assert ("网址" if language == "zh" else "addresses") in done.run.warnings[0]


async def test_a_link_of_a_page_is_not_quoted_with_its_words() -> None:
    page = Passage(1, "http://site/a", "Wall", "", "The Great Wall is [21,196 km](https://evil.test/x) long.")
    quoted = await verified("The Great Wall is 9,000 km long. [1]", page)
    whole = await verified("Cats sleep 16 hours a day. [1]", page)
    assert quoted.outputs["text"] == "The Great Wall is 21,196 km long. [1]"
    assert "> The Great Wall is 21,196 km long." in whole.outputs["text"]


OWN = "How do I start the server on http://localhost:3000/a?"
MANUAL = Passage(
    1, "http://site/m", "Manual", "", "Start the server and open http://localhost:3000/a in a browser."
)


@pytest.mark.parametrize("question", [OWN, "Where do I open the server?"])
async def test_a_manuals_own_machine_may_be_named(question: str) -> None:
    draft = "Start the server and open http://localhost:3000/a in a browser. [1]"
    done = await verified(draft, MANUAL, question=question)
    assert done.outputs["text"] == draft
    assert not done.run.warnings


# What is left to code where the model is small.

SMALL, TRUSTED = 500_000_000, 1_000_000_000
TEA = Passage(4, "http://site/tea", "Tea", "", "Green tea is grown on hills in the south.")
BESIDE = "The Great Wall is 21,196 km long. [1] Green tea is grown on hills in the south. [4]"


async def test_a_small_models_sentences_beside_the_point_are_dropped() -> None:
    done = await verified(BESIDE, WALL, TEA, size=SMALL)
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"
    assert [each.shown for each in done.outputs["support"].sentences] == [True, False]
    assert done.outputs["support"].sentences[1].reasons == ("it does not answer the question",)
    assert "1 of 2 sentences were left out" in done.run.warnings[0]


@pytest.mark.parametrize("size", [TRUSTED, None])
async def test_a_larger_model_and_one_of_unknown_size_decide_themselves_what_answers(size: int | None) -> None:
    done = await verified(BESIDE, WALL, TEA, size=size)
    assert verdicts(done) == [("supported", False), ("supported", False)]


async def test_where_a_small_model_misses_the_statement_that_answers_that_comes_first() -> None:
    done = await verified("Green tea is grown on hills in the south. [4]", WALL, TEA, size=SMALL)
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"
    assert [each.shown for each in done.outputs["support"].sentences] == [True, False]


async def test_of_a_small_model_only_quotations_are_shown() -> None:
    draft = "The Great Wall is 21,196 kilometres long. [1]"
    done = await verified(draft, size=SMALL)
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"
    assert verdicts(done) == [("supported", True)]
    assert done.outputs["support"].sentences[0].reasons == ("the model is too small for own words",)
    trusted = await verified(draft, size=TRUSTED)
    assert verdicts(trusted) == [("unverified", False)]


async def test_a_small_model_that_writes_nothing_is_answered_for() -> None:
    done = await verified("", WALL, TEA, size=SMALL)
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"
    assert verdicts(done) == [("supported", True)]


BUILT = "The Great Wall was built by the Ming."
LESS = Passage(1, "http://site/less", "Walls", "Walls > Ming", f"{BUILT}\n\nIt is old [3].")


@pytest.mark.parametrize(
    ("passages", "question", "language", "start"),
    [
        (
            (LESS, TEA),
            "Which emperor paid for the Great Wall of Gorgan?",
            "en",
            f"The pages say:\n\n[1] Walls > Ming\n> {BUILT}\n>\n> It is old (3).\n\n[2] Tea\n> Green tea",
        ),
        ((LESS,), "How long is the Great Wall?", "en", "The pages say:\n\n[1] Walls > Ming\n> The Great Wall was"),
        (
            (CHINESE,),
            "长城的烽火台由谁设计？",
            "zh",
            "资料写道：\n\n[1] 长城\n> 长城总长度为21196千米。长城有许多烽火台。",
        ),
    ],
)
async def test_where_no_place_holds_nine_tenths_of_the_question_passages_are_quoted_whole(
    passages: tuple[Passage, ...], question: str, language: str, start: str
) -> None:
    draft = f"{passages[0].text.splitlines()[0]} [{passages[0].id}]"
    done = await verified(draft, *passages, question=question, language=language, size=SMALL)
    assert done.outputs["text"].startswith(start)
    assert done.outputs["support"].quoted_only
    assert done.outputs["support"].left_out == len(verdicts(done))
    assert done.run.degraded
    assert [source.id for source in done.outputs["sources"]] == [*range(1, len(passages) + 1)]
    trusted = await verified(draft, *passages, question=question, language=language, size=TRUSTED)
    assert not trusted.outputs["support"].quoted_only


async def test_no_more_passages_are_quoted_than_the_step_allows() -> None:
    many = [Passage(n, f"http://site/{n}", "Walls", "", f"The Great Wall has part {n}.") for n in range(1, 6)]
    state = {"question": "How long is the Great Wall?", "text": "Cats like milk. [1]", "passages": many}
    done = await ran(step(limits={"quotes": 2}), state, engine=sized(SMALL))
    assert len(done.outputs["sources"]) == 2
    assert "[2] Walls" in done.outputs["text"]
    assert "[3]" not in done.outputs["text"]


@pytest.mark.parametrize("size", [SMALL, TRUSTED])
@pytest.mark.parametrize(
    ("text", "question", "draft", "answer"),
    [
        (
            "How long is the Great Wall?\n\nThe Great Wall is 21,196 km long.",
            "How long is the Great Wall?",
            "The Great Wall is 9,000 km long. [1]",
            "The Great Wall is 21,196 km long. [1]",
        ),
        (
            "长城有多长？\n\n长城总长度为21196千米。",
            "长城有多长？",
            "长城长9000千米。[1]",
            "长城总长度为21196千米。 [1]",
        ),
    ],
)
async def test_a_statement_that_only_repeats_the_question_is_never_the_answer(
    text: str, question: str, draft: str, answer: str, size: int
) -> None:
    language = "en" if question.isascii() else "zh"
    asked = Passage(1, "http://site/faq", "长城" if language == "zh" else "Great Wall", "", text)
    done = await verified(draft, asked, question=question, language=language, size=size)
    assert done.outputs["text"] == answer


# What a large model is asked: to judge, and to write once more.

LARGE = 7_000_000_000
ASKED = (prompt("check", "{passage} / {sentence}"), prompt("repair", "{passage} / {sentence}"))


async def settled(draft: str, *script: str, passages: tuple[Passage, ...] = (WALL, MOON), size: int = LARGE) -> Ran:
    state = {"question": "How long is the Great Wall?", "text": draft, "passages": list(passages)}
    return await ran(step(judge="check", repair="repair"), state, *ASKED, engine=sized(size, script=script))


async def test_a_failed_sentence_is_written_again_from_its_passage_and_taken_where_that_holds_it() -> None:
    wrong = "The Great Wall is 9,000 km long and has no end. [1]"
    done = await settled(wrong, "The Great Wall is 21,196 kilometres long [1].", "yes")
    assert done.outputs["text"] == "The Great Wall is 21,196 kilometres long. [1]"
    assert verdicts(done) == [("supported", True)]
    assert "9,000" in done.outputs["support"].sentences[0].reasons[0]


@pytest.mark.parametrize("again", ["The Great Wall is 8,000 km long.", "", "[1]", "I cannot."])
async def test_what_is_written_again_and_still_fails_is_quoted_instead(again: str) -> None:
    done = await settled("The Great Wall is 9,000 km long. [1]", again, "no")
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"


async def test_the_models_yes_proves_its_no_is_told_and_its_silence_changes_nothing() -> None:
    draft = "The wall is 21,196 km long. [1] The Moon is 384,400 km off. [2] The Moon is airless. [2]"
    done = await settled(draft, "yes", "no", "maybe")
    assert done.outputs["text"] == (
        "The wall is 21,196 km long. [1] The Moon is 384,400 km off. (not verified) [2] "
        "The Moon is airless. (not verified) [2]"
    )
    assert [each.reasons for each in done.outputs["support"].sentences] == [
        (),
        ("the model finds it is not said there",),
        (),
    ]


async def test_a_sentence_that_stands_there_word_for_word_is_not_asked_about() -> None:
    done = await settled("The Great Wall is 21,196 km long. [1]")
    assert verdicts(done) == [("supported", False)]


async def test_a_model_under_the_limit_is_asked_nothing() -> None:
    done = await settled("The Great Wall is 9,000 km long. [1]", size=LARGE // 7)
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"


async def test_a_statement_is_quoted_in_place_of_one_sentence_only() -> None:
    done = await verified("The Great Wall is 9,000 km long. [1] The Great Wall is 8,000 km long. [1]")
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"
    assert verdicts(done) == [("supported", True), ("contradicted", False)]


async def test_no_statement_comes_back_in_place_of_a_later_sentence() -> None:
    draft = "The Great Wall is 9,000 km long. [1] The Moon is 9 km away. [2] The Great Wall is 8,000 km long. [1]"
    done = await verified(draft, question="How long is the Great Wall and how far away is the Moon?")
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1] The Moon is 384,400 km away. [2]"
    assert verdicts(done) == [("supported", True), ("supported", True), ("contradicted", False)]


async def test_a_sentence_that_cites_no_passage_is_not_written_again() -> None:
    done = await settled("The Great Wall is 9,000 km long. [99]")
    assert done.outputs["text"] == "The Great Wall is 21,196 km long. [1]"
