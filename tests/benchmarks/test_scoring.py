"""What the benchmark says of an answer: facts, refusals, and sources that do not exist."""

from __future__ import annotations

import pytest

from benchmarks.quality_parts.asking import Asked
from benchmarks.quality_parts.scoring import facts_found, invented, refused, score
from mm_orch.records.passage import Passage
from mm_orch.records.source import Source
from tests.benchmarks.made import URL, question, result, support


@pytest.mark.parametrize(
    ("spelling", "answer", "found"),
    [
        ("12", "Hold it for 12 seconds [1].", True),
        ("12", "Hold it for 128 seconds [1].", False),
        ("12", "Hold it for 0.12 seconds [1].", False),
        ("12", "It says so [12].", False),
        ("2.35", "The rate is 2.35 % [1].", True),
        ("2", "The rate is 2.35 % [1].", False),
        ("lid", "The lid is open.", True),
        ("lid", "A solid wall.", False),
        ("burn", "Everything is burnt.", True),
        ("00:40", "The last one goes at 00:40.", True),
        ("江心", "沉到江心。", True),
        ("色素", "色素細胞收縮。", True),
        ("2", "有２只。", True),
    ],
)
def test_a_fact_is_found_as_a_whole_number_and_at_the_beginning_of_a_word(
    spelling: str, answer: str, found: bool
) -> None:
    assert facts_found([[spelling]], answer) == int(found)


def test_each_fact_counts_once_whatever_the_spelling() -> None:
    assert facts_found([["twelve", "12"], ["violet"], ["red"]], "Twelve, that is 12, until it is violet.") == 2


def test_only_sentences_left_out_or_quotations_are_a_refusal() -> None:
    assert refused(result("", support=support("contradicted", "contradicted")))
    assert refused(result("", support=support()))
    assert refused(result("> …", support=support("contradicted", quoted_only=True)))
    assert not refused(result("…", support=support("contradicted", "unverified")))
    assert not refused(result("…", support=support("supported")))


def test_an_answer_from_the_models_own_knowledge_is_no_refusal() -> None:
    assert not refused(result("It is twelve.", support=None))


def test_numbers_without_a_source_and_unknown_addresses_are_invented() -> None:
    answer = f"Hold it [1]. Or not [3]. See https://elsewhere.example/a. And {URL}."
    assert invented(result(answer), [URL]) == ("[3]", "https://elsewhere.example/a.")


def test_a_source_that_is_no_page_of_the_set_is_invented() -> None:
    made_up = Source(1, "Made up", "https://made-up.example/")
    assert invented(result("So [1].", sources=(made_up,)), [URL]) == ("https://made-up.example/",)


@pytest.mark.parametrize(
    ("url", "text", "found"),
    [
        (f"corpus:{URL}", "Press it *for twelve\nseconds*.", True),
        (URL, "Press it for two seconds.", False),
        ("corpus:https://pages.example/en/other.md", "Press it for twelve seconds.", False),
    ],
)
def test_the_right_passage_is_that_of_the_page_which_holds_the_span(url: str, text: str, found: bool) -> None:
    asked = Asked(question(("12",)), (), (Passage(1, url, "Kestrel", "", text),), 0.1)
    assert score(asked, None, [URL]).found is found


def test_a_question_without_an_answer_has_no_right_passage() -> None:
    asked = Asked(question(span=None), (), (), 0.1, result("", support=support()))
    scored = score(asked, None, [URL])
    assert (scored.found, scored.refused, scored.facts) == (None, True, (0, 0))
