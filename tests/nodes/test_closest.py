from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.checking.facts import read
from mm_orch.checking.verdicts import Evidence
from mm_orch.language.folding import fold
from mm_orch.nodes.closest import Place, places, wanted
from mm_orch.records.passage import Passage

FERRY = Passage(
    1,
    "u",
    "Vellan ferry",
    "",
    "# Vellan ferry\nThe Vellan ferry was founded by Ida Falk. It opened on 3 May 1987. "
    "The crossing is 12.5 km long. The crossing takes 40 minutes. Dogs travel free.",
)
渡轮 = Passage(
    2, "u", "禾屿渡轮", "", "禾屿渡轮由张伟创办。渡轮于1987年5月3日开航。航程长12.5公里。航程需40分钟。狗免费。"
)


def best(question: str, *passages: Passage) -> str:
    evidences = {each.id: Evidence.of(each) for each in passages}
    place = places(read(question), list(evidences.values()))[0]
    return evidences[place.passage_id].statements[place.at].text


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did it open?", "date"),
        ("Which year was it built?", "date"),
        ("How many dogs sail?", "number"),
        ("How long is it?", "number"),
        ("Who founded it?", "name"),
        ("Why did it sink?", ""),
        ("什么时候开航？", "date"),
        ("哪一年建成？", "date"),
        ("票价多少？", "number"),
        ("有几个港口？", "number"),
        ("誰創辦了它？", "name"),
        ("为什么沉没？", ""),
        ("", ""),
    ],
)
def test_a_question_tells_what_kind_of_thing_it_asks_for(question: str, kind: str) -> None:
    assert wanted(fold(question)) == kind


@pytest.mark.parametrize(
    ("question", "passage", "statement"),
    [
        ("When did the Vellan ferry open?", FERRY, "It opened on 3 May 1987."),
        ("How long is the crossing in km?", FERRY, "The crossing is 12.5 km long."),
        ("How many minutes does the crossing take?", FERRY, "The crossing takes 40 minutes."),
        ("Who founded the Vellan ferry?", FERRY, "The Vellan ferry was founded by Ida Falk."),
        ("Do dogs travel free?", FERRY, "Dogs travel free."),
        ("渡轮什么时候开航？", 渡轮, "渡轮于1987年5月3日开航。"),
        ("航程长多少公里？", 渡轮, "航程长12.5公里。"),
        ("航程需要多少分钟？", 渡轮, "航程需40分钟。"),
        ("誰創辦了禾嶼渡輪？", 渡轮, "禾屿渡轮由张伟创办。"),
        ("狗免费吗？", 渡轮, "狗免费。"),
    ],
)
def test_the_statement_that_answers_comes_first(question: str, passage: Passage, statement: str) -> None:
    assert best(question, passage) == statement


def found(question: str, *passages: Passage) -> list[Place]:
    return places(read(question), [Evidence.of(each) for each in passages])


def test_of_equal_statements_that_of_the_earlier_passage_comes_first() -> None:
    one, other = (Passage(id, "u", "", "", "Dogs travel free. Cats do not.") for id in (7, 3))
    assert [place.passage_id for place in found("Do dogs travel free?", one, other)][:2] == [7, 3]


def test_headings_marks_and_the_question_itself_are_no_answers() -> None:
    passage = Passage(1, "u", "", "", "# Do dogs travel free?\n```\nDo dogs travel free?\n42\nDogs travel free.")
    assert {place.at for place in found("Do dogs travel free?", passage)} == {4}


def test_a_statement_with_the_kind_of_thing_asked_for_suits() -> None:
    by_place = {place.at: place.suits for place in found("When did the ferry open?", FERRY)}
    assert by_place == {1: False, 2: True, 3: False, 4: False, 5: False}
    assert all(place.suits for place in found("Why does the ferry sail?", FERRY))


def test_a_number_of_the_question_answers_nothing() -> None:
    passage = Passage(1, "u", "", "", "The 40 rooms were full. The rooms had 3 beds.")
    suits = {place.at: place.suits for place in found("How many beds did the 40 rooms have?", passage)}
    assert suits == {0: False, 1: True}


def test_the_share_of_the_question_grows_with_what_is_held() -> None:
    shares = {place.at: place.share for place in found("Do dogs travel free?", FERRY)}
    assert shares[5] == max(shares.values()) > shares[3]
    assert all(place.share == 0 for place in found("Zebra?", Passage(1, "u", "", "", "Dogs travel free.")))


@pytest.mark.parametrize("question", ["", "?", "什么？", "What is it?"])
def test_a_question_of_nothing_and_passages_of_nothing_give_no_share(question: str) -> None:
    assert all(place.share == 0 for place in found(question, FERRY))
    assert found(question) == []
    assert found(question, Passage(1, "u", "", "", "")) == []


@given(st.text(alphabet="when how 多少 谁ferry 3.5km 1987年?#`\n。", max_size=30), st.text(max_size=60))
def test_places_come_best_first_and_name_statements(question: str, text: str) -> None:
    evidence = Evidence.of(Passage(1, "u", "", "", text))
    listed = places(read(question), [evidence])
    assert [place.score for place in listed] == sorted((place.score for place in listed), reverse=True)
    assert all(0 <= place.share <= 1.000001 for place in listed)
    assert {place.at for place in listed} <= set(range(len(evidence.statements)))
