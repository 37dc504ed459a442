"""A sentence stays with the passage that holds it, gives way to that passage's words, or goes."""

import pytest

from mm_orch.checking.citations import CitedSentence
from mm_orch.nodes.answer_check import AnswerCheck, Checked
from mm_orch.records.answer_support import SentenceCheck
from mm_orch.records.passage import Passage

WALL, LONG = "The Great Wall is 21,196 km long.", "How long is the Great Wall?"
MOON = "The Moon is 384,400 km away from the Earth."
TEA = "Green tea is grown on hills in the south."
CHINESE = "长城总长度为21196千米。长城有许多烽火台。"


def passage(number: int, text: str, title: str = "Title", heading: str = "") -> Passage:
    return Passage(number, f"http://site/{number}", title, heading, text)


def checking(*texts: str, question: str = LONG) -> AnswerCheck:
    return AnswerCheck([passage(number, text) for number, text in enumerate(texts, 1)], question)


def sentence(check: AnswerCheck, text: str, *ids: int) -> Checked:
    return check.sentence(CitedSentence(text, ids))


def quotes(checked: Checked) -> list[tuple[int, str]]:
    return [(finding.passage_id, finding.quote) for finding in checked.findings]


@pytest.mark.parametrize(
    ("texts", "text", "quote"),
    [
        ([f"{WALL} It is old."], WALL, WALL),
        (["长城总长度为21196千米。它很老。"], "长城总长度为 21196 千米", "长城总长度为21196千米。"),
        (
            ["| Wall | Length |\n|---|---|\n| Ming | 8,850 km |\n| Qin | 5,000 km |"],
            "Ming – 8,850 km",
            "| Ming | 8,850 km |",
        ),
    ],
)
def test_a_sentence_is_held_by_the_statement_that_says_it(texts: list[str], text: str, quote: str) -> None:
    checked = sentence(checking(*texts), text, 1)
    assert (checked.verdict, checked.repaired, checked.reasons) == ("supported", False, ())
    assert quotes(checked) == [(1, quote)]


def test_a_sentence_in_other_words_is_unverified_and_rests_on_what_it_cites() -> None:
    checked = sentence(checking(WALL, MOON), "The Great Wall is 21,196 kilometres long.", 1)
    assert (checked.verdict, checked.shown, checked.repaired) == ("unverified", True, False)
    assert quotes(checked) == [(1, WALL)]
    assert sentence(checking(WALL), "Ida built the Great Wall.", 1).reasons == ()
    assert sentence(checking(WALL), "The Great Wall is near Oslo.", 1).reasons == ("the name 'oslo' is not there",)


def test_of_two_cited_passages_only_those_that_hold_it_are_kept() -> None:
    check = checking(WALL, MOON, f"{WALL} It is old.")
    assert quotes(sentence(check, WALL, 2, 1)) == [(1, WALL)]
    assert quotes(sentence(check, WALL, 3, 1)) == [(3, WALL), (1, WALL)]


@pytest.mark.parametrize("ids", [(), (2,), (2, 3)])
def test_a_sentence_that_only_another_passage_holds_is_cited_from_there(ids: tuple[int, ...]) -> None:
    checked = sentence(checking(WALL, MOON, TEA), WALL, *ids)
    assert (checked.verdict, checked.repaired) == ("supported", True)
    assert quotes(checked) == [(1, WALL)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The Great Wall is 9,000 km long.", "9,000"),
        ("The Great Wall is 21,196 miles long.", "21,196"),
        ("长城长9000千米。", "9000"),
    ],
)
def test_a_sentence_that_its_passage_contradicts_is_not_shown_and_told_why(text: str, reason: str) -> None:
    checked = sentence(checking(WALL, MOON), text, 1)
    assert (checked.verdict, checked.shown, checked.findings) == ("contradicted", False, ())
    assert reason in checked.reasons[0]


def test_without_a_passage_nothing_is_held_quoted_or_closest() -> None:
    check = checking()
    dropped = sentence(check, WALL)
    assert (dropped.verdict, dropped.findings) == ("contradicted", ())
    assert check.quoted(dropped, set()) == dropped
    assert check.closest(3) == []
    assert check.to_the_point([]) == []


def test_an_empty_passage_holds_nothing_and_is_never_the_closest() -> None:
    check = checking("", WALL)
    assert sentence(check, WALL, 1).findings[0].passage_id == 2
    assert [finding.passage_id for finding in check.closest(3)] == [2]


def test_in_another_language_a_sentence_is_unverified_and_one_that_holds_it_goes_before() -> None:
    text = "The Great Wall has many towers and is 21,196 km long."
    abroad = sentence(checking(CHINESE), text, 1)
    assert (abroad.verdict, abroad.shown, abroad.reasons) == ("unverified", True, ("in another language",))
    at_home = sentence(checking(CHINESE, f"{text} It is old."), text, 1)
    assert (at_home.verdict, quotes(at_home)) == ("supported", [(2, text)])
    assert sentence(checking(CHINESE), "The Great Wall is 8,000 km long.", 1).verdict == "contradicted"


def test_a_sentence_that_cites_no_passage_is_held_against_all_and_cites_none() -> None:
    checked = sentence(checking(WALL, MOON), "The wall has 21,196 km.")
    assert (checked.verdict, checked.findings) == ("unverified", ())
    assert sentence(checking(WALL, MOON), "The wall has 9,000 km.").verdict == "contradicted"


def test_a_record_has_the_answers_numbers_each_once_and_none_where_it_is_not_shown() -> None:
    shown = sentence(checking(WALL, MOON, WALL), WALL, 3, 1)
    assert shown.record({1: 2, 3: 1}) == SentenceCheck(WALL, (1, 2), "supported")
    assert shown.record({1: 5}).sources == (5,)
    dropped = sentence(checking(WALL), "The Great Wall is 9,000 km long.", 1)
    record = dropped.record({1: 1})
    assert (record.sources, record.verdict, record.shown) == ((), "contradicted", False)
    assert record.reasons == dropped.reasons


FAILED = "The Great Wall is 9,000 km long."


@pytest.mark.parametrize(
    ("text", "question", "failed", "quote"),
    [
        (f"{MOON} {WALL}", LONG, FAILED, WALL),
        (f"{LONG}\n\n{WALL}", LONG, FAILED, WALL),
        (f"# How long is the Great Wall\n\n{WALL}", LONG, FAILED, WALL),
        (f"The Great Wall is long. {WALL}", LONG, FAILED, WALL),
        (
            "长城有多长？\n\n长城总长度为21196千米。",
            "长城有多长？",
            "长城总长度9000千米。",
            "长城总长度为21196千米。",
        ),
    ],
)
def test_in_place_of_what_failed_the_closest_statement_stands_word_for_word(
    text: str, question: str, failed: str, quote: str
) -> None:
    check = checking(text, question=question)
    dropped = sentence(check, failed, 1)
    assert not dropped.shown
    instead = check.quoted(dropped, set())
    assert (instead.text, instead.verdict, instead.repaired) == (quote, "supported", True)
    assert quotes(instead) == [(1, quote)]
    assert instead.reasons == dropped.reasons


@pytest.mark.parametrize(
    "text",
    [
        MOON,
        "The Great Wall of China is long, " + "very long, " * 40 + "old.",
        "# The Great Wall is long",
        LONG,
        "",
    ],
)
def test_what_comes_not_close_is_too_long_or_says_nothing_is_not_quoted(text: str) -> None:
    check = checking(text)
    dropped = sentence(check, FAILED, 1)
    assert check.quoted(dropped, set()) == dropped


def test_the_passage_that_a_sentence_cites_is_quoted_before_others_and_no_statement_twice() -> None:
    second = "The Great Wall is 21 thousand km long."
    check = checking(WALL, second)
    dropped = sentence(check, FAILED, 2)
    assert quotes(check.quoted(dropped, set())) == [(2, second)]
    assert quotes(check.quoted(dropped, {second})) == [(1, WALL)]
    assert check.quoted(dropped, {second, WALL}) == dropped


def test_a_quotation_has_something_of_the_question() -> None:
    check = checking(MOON)
    dropped = sentence(check, "The Moon is 9 km away from the Earth.", 1)
    assert check.quoted(dropped, set()) == dropped


POINT = f"{WALL} The Ming dynasty built most brick towers near Beijing. Many tourists visit it."


def test_for_a_small_model_what_answers_stays_and_what_is_beside_the_point_goes() -> None:
    check = checking(POINT, TEA)
    said = [sentence(check, WALL, 1), sentence(check, TEA, 2)]
    kept, dropped = check.to_the_point(said)
    assert kept == said[0]
    assert (dropped.shown, dropped.findings) == (False, ())
    assert dropped.reasons == ("it does not answer the question",)


def test_for_a_small_model_the_best_statement_comes_first_where_no_sentence_rests_on_it() -> None:
    check = checking(POINT, TEA)
    first, *others = check.to_the_point([sentence(check, TEA, 2)])
    assert (first.text, first.verdict, first.repaired, quotes(first)) == (WALL, "supported", True, [(1, WALL)])
    assert [each.shown for each in others] == [False]


def test_a_sentence_that_only_adds_to_the_best_statement_comes_behind_it() -> None:
    more = "It is 9 km long."
    check = checking(f"{WALL} {more}")
    settled = check.to_the_point([sentence(check, more, 1)])
    assert [(each.text, each.verdict) for each in settled] == [(WALL, "supported"), (more, "supported")]


def test_what_is_said_of_something_else_with_nearly_the_same_name_is_no_answer() -> None:
    gates = "Badaling has 3 gates. Beijing is restored."
    check = checking(WALL, MOON, gates, question="How long is the Great Wall at Badaling?")
    assert [each.shown for each in check.to_the_point([sentence(check, WALL, 1)])] == [False]


def test_for_a_small_model_nothing_is_an_answer_where_too_little_of_the_question_stands() -> None:
    check = checking(
        "The Great Wall was built by the Ming.", TEA, question="Which emperor paid for the Great Wall of Gorgan?"
    )
    said = [sentence(check, "The Great Wall was built by the Ming.", 1), sentence(check, "It is 9 km.", 2)]
    assert [each.verdict for each in said] == ["supported", "contradicted"]
    settled = check.to_the_point(said)
    assert [each.shown for each in settled] == [False, False]
    assert settled[0].reasons == ("it is not sure to answer the question",)
    assert settled[1].reasons == (*said[1].reasons, "it is not sure to answer the question")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The Great Wall is long. It was built by the Ming.", LONG),
        ("长城很长，由明朝修建。", "长城有多少千米长？"),
        ("The Great Wall was built by many hands.", "When was the Great Wall built?"),
    ],
)
def test_for_a_small_model_a_place_without_the_kind_of_thing_asked_for_is_no_answer(
    text: str, question: str
) -> None:
    check = checking(text, question=question)
    said = sentence(check, text.split(". ")[0], 1)
    assert said.shown
    assert [each.shown for each in check.to_the_point([said])] == [False]


def test_the_closest_passages_come_best_first_each_with_its_best_statement() -> None:
    check = checking(f"{TEA} The Great Wall is old.", f"{LONG}\n\nMany people visit. {WALL}", MOON)
    found = check.closest(2)
    assert (found[0].passage_id, found[0].quote) == (2, WALL)
    assert len({each.passage_id for each in found}) == 2
    assert len(check.closest(9)) == 3
    assert all(each.quote in check.passage(each.passage_id).text for each in found)


@pytest.mark.parametrize(
    "question", ["How long is the Great Wall", "HOW LONG IS THE GREAT WALL???", "“How long is the Great Wall?”"]
)
def test_a_statement_that_only_repeats_the_question_is_never_the_best_place(question: str) -> None:
    check = AnswerCheck(
        [passage(1, f"{LONG}\n\n{LONG} Ask us.\n\nIt is 21,196 km long.", "The Great Wall")], question
    )
    assert "21,196" in check.closest(1)[0].quote


def test_a_long_statement_is_shown_shortened_and_still_rested_on() -> None:
    long = "The Great Wall is 21,196 km long, " + "counting every branch, " * 20 + "they say."
    check = checking(long)
    said = sentence(check, long, 1)
    assert said.shown
    assert len(check.closest(1)[0].quote) <= 300
    assert check.to_the_point([said]) == [said]
