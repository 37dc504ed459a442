"""The contest of search and answer: both ways get the same pages, and the totals say who was faster."""

from __future__ import annotations

import pytest

from benchmarks.quality_parts.question_set import HALVES, LANGUAGES, questions
from benchmarks.search_parts import report
from benchmarks.search_parts.contest import Bout, Side, prompts
from benchmarks.search_parts.program import spread
from mm_orch.records.page import Page
from tests.benchmarks.made import question


def _bout(muai_s: float, plain_s: float, muai_facts: int = 1, plain_facts: int = 1) -> Bout:
    muai, plain = Side(muai_s, 500, 40, muai_facts, ""), Side(plain_s, 5000, 400, plain_facts, "")
    return Bout(question(("12",)), 5, muai, plain)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plain_way_is_given_every_whole_page_and_the_question(language: str) -> None:
    asked = questions(language, "dev")[0]
    pages = [Page("u1", "t", "First {question} page."), Page("u2", "t", "Second page.")]
    made = prompts(asked, pages)
    assert [page.text in summary for page, summary in zip(pages, made["summaries"], strict=True)] == [True, True]
    assert all(asked.text in text for text in (*made["summaries"], made["answer"]))
    assert "{summaries}" in made["answer"]


def test_the_goal_is_three_times_as_fast_over_all_with_as_many_facts() -> None:
    assert report.speedup([_bout(1, 2), _bout(1, 10)]) == 6
    assert report.reached([_bout(1, 2), _bout(1, 10)])
    assert not report.reached([_bout(1, 2), _bout(1, 3)])
    assert not report.reached([_bout(1, 9, 0, 1)])


def test_the_table_shows_both_ways_and_the_verdict() -> None:
    shown = report.table([_bout(2, 8, 0, 1), _bout(1, 1)])
    assert "| q1 | 5 | 2.0 / 8.0 | 4.0 | 500 / 5,000 | 40 / 400 | 0 / 1 |" in shown
    assert "| all en | 10 | 3.0 / 9.0 | 3.0 |" in shown
    assert "MISSED" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_are_spread_over_both_halves_and_have_answers(language: str) -> None:
    chosen = spread(language, 4)
    assert len({each.id for each in chosen}) == 4
    assert all(each.has_answer for each in chosen)
    halves = [{each.id for each in questions(language, half)} for half in HALVES]
    assert all(any(each.id in half for each in chosen) for half in halves)
