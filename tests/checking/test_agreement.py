from __future__ import annotations

import pytest

from mm_orch.checking.agreement import Context, differences, facts, has_date, has_number, leans
from mm_orch.checking.facts import Claim, read

NOTHING = Context(read(""), None)


def lacks(sentence: str, *said: str, about: str = "", before: str | None = None) -> tuple[str, ...]:
    claims: list[Claim] = [read(each) for each in said]
    context = Context(read(about), None if before is None else read(before))
    return differences(read(sentence), claims, context, " ".join(claim.folded for claim in claims))


@pytest.mark.parametrize(
    ("sentence", "said", "reason"),
    [
        ("It weighs 12 kg.", "It weighs 13 kg.", "the number '12 kg' is not there"),
        ("It opened on 3 May 1987.", "It opened on 4 May 1987.", "the date '3 may 1987' is not there"),
        ("The ferry sails to Skogar.", "The ferry sails to Benham.", "the name 'skogar' is not there"),
        ("Press F5 now.", "Press F2 now.", "the name 'f5' is not there"),
        ("Press F1 now.", "Press F10 now.", "the name 'f1' is not there"),
        ("型号为X100。", "型号为X200。", "the name 'x100' is not there"),
        ('He said "all is well".', 'He said "all is lost".', "'all is well' is quoted and does not stand there"),
        ("Only adults sail.", "Adults sail.", "'only' is not said there"),
        ("Dogs sail free.", "Dogs do not sail free.", "one denies what the other says"),
        ("Dogs do not sail free.", "Dogs sail free.", "one denies what the other says"),
        ("The pool opened.", "The pool closed.", "it says the opposite"),
        ("In May Lima bought Kilo.", "In May Kilo bought Lima.", "it has them the other way round"),
        ("One ferry sails.", "Two ferries sail.", "there are more of them"),
        ("Cats sail free.", "Dogs sail free.", "it is not about 'cat'"),
        ("重12公斤。", "重13公斤。", "the number '12公斤' is not there"),
        ("1987年5月3日开航。", "1987年5月4日开航。", "the date '1987年5月3日' is not there"),
        ("他说“一切都好”。", "他说“一切都完”。", "'一切都好' is quoted and does not stand there"),
        ("所有人免费。", "大人免费。", "'所有' is not said there"),
        ("狗不免费。", "狗免费。", "one denies what the other says"),
        ("泳池已开放。", "泳池已关闭。", "it says the opposite"),
        ("每天一班渡轮。", "每天两班渡轮。", "there are more of them"),
        ("渡轮每天开往青岛。", "渡轮每天开航。", "not said there: 往青、青岛"),
    ],
)
def test_what_differs_is_said_in_words(sentence: str, said: str, reason: str) -> None:
    assert reason in lacks(sentence, said)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The ferry carries cars and dogs.", "Cars and dogs are carried by the ferry."),
        ("It weighs 12,000 g.", "It weighs 12 kg."),
        ("Dogs can't sail.", "Dogs cannot sail."),
        ("Exports reached 4.12 million.", "Exports reached 4,120,000."),
        ("渡轮载车和狗。", "渡轮载有车和狗。"),
        ("重12000克。", "重十二公斤。"),
        ("狗沒有座位。", "狗没有座位。"),
    ],
)
def test_the_same_in_other_words_differs_in_nothing(sentence: str, said: str) -> None:
    assert lacks(sentence, said) == ()


def test_more_negations_than_there_are_turn_a_sentence() -> None:
    said = "Cyclists may use it without a ticket."
    assert lacks("Cyclists may not use it without a ticket.", said) == ("one denies what the other says",)
    assert lacks(said, said) == ()


def test_headings_and_the_statement_before_lend_words_dates_and_names() -> None:
    assert (
        lacks(
            "The Vellan ferry carries cars, lorries and dogs.",
            "It carries cars, lorries and dogs.",
            about="Vellan ferry",
        )
        == ()
    )
    assert lacks("Vellan has cars, dogs.", "It has cars, dogs.", before="Vellan is an island.") == ()
    assert lacks("禾屿渡轮可载汽车和自行车。", "可载汽车和自行车。", about="禾屿渡轮") == ()


def test_a_sentence_that_is_only_in_the_headings_is_not_said() -> None:
    assert lacks(
        "The Vellan ferry carries cars.", "Dogs sleep.", about="The Vellan ferry", before="It carries cars."
    )


def test_a_year_may_stand_around_a_statement_and_another_number_may_not() -> None:
    claim = read("In 1987 it had 412 books.")
    assert facts(claim, [read("It had 412 books.")], Context(read("1987"), None)) == ()
    assert facts(claim, [read("It had many books.")], Context(read("In 1987: 412"), None)) == (
        "the number '412' is not there",
    )


@pytest.mark.parametrize(
    ("number", "said", "found"),
    [
        ("12.5 km", "12500 metres", True),
        ("412万", "4.12 million", True),
        ("1987", "3 may 1987", True),
        ("12.5 km", "12.5 miles", False),
        ("1987", "3 may 1978", False),
        ("1987 km", "3 may 1987", False),
    ],
)
def test_a_number_is_found_in_another_unit_and_a_year_in_a_date(number: str, said: str, found: bool) -> None:
    assert has_number(read(number).numbers[0], [read("nothing"), read(said)]) is found


@pytest.mark.parametrize(
    ("date", "said", "found"),
    [
        ("1987年", "in 1987", True),
        ("may 1987", "1987年5月3日", True),
        ("may 1987", "in 1987", False),
        ("公元前221年", "in 221 BC", True),
        ("公元前221年", "in 221", False),
    ],
)
def test_a_date_is_found_where_it_is_said_as_exactly(date: str, said: str, found: bool) -> None:
    assert has_date(read(date).dates[0], [read(said)]) is found


@pytest.mark.parametrize(
    ("text", "found"), [("It flows.", True), ("Dogs sleep.", False), ("The dog.", True), ("渡轮开航。", True)]
)
def test_a_statement_with_a_pronoun_and_any_chinese_one_lean(text: str, found: bool) -> None:
    assert leans(read(text)) is found


def test_context_has_the_words_of_all_that_stands_around() -> None:
    context = Context(read("Ferry"), read("Dogs sleep."))
    assert context.units([read("Cars")]) == {"car", "ferry", "dog", "sleep"}
    assert NOTHING.units([]) == frozenset()
