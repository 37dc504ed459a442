"""The question sets are sound: every answer stands on its page, once; and they are hard enough to tell."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import product

import pytest

from benchmarks.quality_parts.plain import PlainRetrieval
from benchmarks.quality_parts.question_set import (
    FOLDER,
    HALVES,
    KINDS,
    LANGUAGES,
    NOTHING,
    Question,
    holds,
    pages,
    questions,
    squeezed,
)
from mm_orch.language.script import HAN, simplified
from mm_orch.language.words import words
from mm_orch.records.page import Page

LEAST_PAGES = 60
LEAST_QUESTIONS = 60
LEAST_ASKED = 40

by_language = pytest.mark.parametrize("language", LANGUAGES)
by_half = pytest.mark.parametrize(("language", "half"), list(product(LANGUAGES, HALVES)))


@cache
def _pages(language: str) -> dict[str, Page]:
    return {page.url: page for page in pages(language)}


@cache
def _questions(language: str) -> tuple[Question, ...]:
    return tuple(each for half in HALVES for each in questions(language, half))


@by_language
def test_there_are_enough_pages_of_a_readable_length(language: str) -> None:
    assert len(_pages(language)) >= LEAST_PAGES
    for page in _pages(language).values():
        assert 150 <= len(words(page.text)) <= 900, page.url


@by_language
def test_there_are_enough_questions_and_a_fifth_have_no_answer(language: str) -> None:
    asked = _questions(language)
    nothing = sum(not each.has_answer for each in asked)
    assert len(asked) >= LEAST_QUESTIONS
    assert len(asked) - nothing >= LEAST_ASKED
    assert nothing / len(asked) >= 0.2


@by_language
def test_questions_are_of_known_kinds_and_have_names_of_their_own(language: str) -> None:
    asked = _questions(language)
    assert {each.kind for each in asked} <= set(KINDS)
    assert max(Counter(each.id for each in asked).values()) == 1
    assert max(Counter(each.text for each in asked).values()) == 1


@by_language
def test_an_answer_stands_on_its_page_once_after_extraction(language: str) -> None:
    for each in _questions(language):
        page = _pages(language)[each.url]
        if each.span is not None:
            assert squeezed(page.text).count(squeezed(each.span)) == 1, each.id


@by_language
def test_an_answer_stands_on_no_other_page(language: str) -> None:
    for each in _questions(language):
        if each.span is not None:
            assert [url for url, page in _pages(language).items() if holds(page.text, each.span)] == [each.url]


@by_language
def test_every_fact_stands_on_the_page_as_one_of_its_spellings(language: str) -> None:
    for each in _questions(language):
        assert bool(each.facts) == each.has_answer, each.id
        text = simplified(_pages(language)[each.url].text).casefold()
        for spellings in each.facts:
            assert any(spelling.casefold() in text for spelling in spellings), each.id


@by_language
def test_what_has_no_answer_says_so(language: str) -> None:
    for each in _questions(language):
        assert (each.kind == NOTHING) == (each.span is None), each.id


@by_language
def test_every_kind_of_question_is_asked(language: str) -> None:
    kinds = {each.kind for each in _questions(language)}
    assert {"paraphrased", "misspelt", "keywords", "mixed", NOTHING} <= kinds


def test_chinese_sets_have_both_scripts_on_both_sides() -> None:
    asked = [each.text for each in _questions("zh")]
    read = [page.text for page in _pages("zh").values()]
    for texts in (asked, read):
        traditional = sum(simplified(text) != text for text in texts)
        assert 3 <= traditional <= len(texts) // 3


def test_english_pages_have_no_chinese_in_them() -> None:
    chinese = re.compile(f"[{HAN}]")
    assert not [url for url, page in _pages("en").items() if chinese.search(page.text)]


@by_half
def test_plain_retrieval_finds_less_than_four_in_five(language: str, half: str) -> None:
    plain = PlainRetrieval(list(_pages(language).values()))
    asked = [each for each in questions(language, half) if each.has_answer]
    found = sum(
        any(passage.url == each.url and holds(passage.text, each.span or "") for passage in plain.best(each.text))
        for each in asked
    )
    assert found / len(asked) < 0.8


def test_the_sets_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 600_000
