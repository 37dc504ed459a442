from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from mm_orch.corpus import query
from mm_orch.corpus.migrations import MIGRATIONS
from mm_orch.database import Database


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """100 passages: all have ``the``, half ``tea``, one ``jasmine``, 30 ``c++``."""
    database = Database(None)
    database.migrate(MIGRATIONS)
    with database.write() as opened:
        for number in range(100):
            words = ["the", *(["tea"] * (number % 2)), *(["jasmine"] * (number == 7)), *(["c++"] * (number < 30))]
            opened.execute("INSERT INTO corpus_words VALUES ('', '', ?)", (" ".join(words),))
    with database.read() as opened:
        yield opened


def test_the_terms_of_a_question_are_different_and_in_order() -> None:
    assert query.terms("Tea, tea and GGUF?") == ['"tea"', '"and"', '"gguf"']


def test_a_question_without_words_has_no_terms() -> None:
    assert query.terms("??? — …") == []


def test_a_long_text_has_only_so_many_terms() -> None:
    assert len(query.terms(" ".join(f"w{number}" for number in range(5000)))) == 64


def expressions(connection: sqlite3.Connection, question: str, budget: int = 1000) -> list[str]:
    return query.expressions(connection, question, budget)


def test_nothing_in_a_question_is_syntax(connection: sqlite3.Connection) -> None:
    for text in ('tea" OR "the', "NEAR(tea the)", "text:tea", "tea*", "^tea", "a-b", "c#", "'; DROP TABLE x", "\0"):
        for expression in expressions(connection, text):
            connection.execute("SELECT count(*) FROM corpus_words WHERE corpus_words MATCH ?", (expression,))


def test_the_rarest_terms_come_first_and_those_that_do_not_occur_are_left_out(
    connection: sqlite3.Connection,
) -> None:
    assert expressions(connection, "the tea with jasmine") == ['"jasmine" OR "tea" OR "the"']


def test_the_most_frequent_terms_do_not_fit_the_budget(connection: sqlite3.Connection) -> None:
    assert expressions(connection, "the tea with jasmine", budget=60) == ['"jasmine" OR "tea"']


def test_when_all_terms_are_frequent_passages_with_all_of_them_come_before_those_with_any(
    connection: sqlite3.Connection,
) -> None:
    assert expressions(connection, "the tea", budget=10) == ['"tea" AND "the"', '"tea" OR "the"']


def test_terms_that_occur_nowhere_make_no_expression(connection: sqlite3.Connection) -> None:
    assert expressions(connection, "oolong") == []


def test_signs_belong_to_words(connection: sqlite3.Connection) -> None:
    assert expressions(connection, "C++") == ['"c++"']
    assert expressions(connection, "c") == []


def test_a_single_chinese_character_is_the_beginning_of_a_pair() -> None:
    assert query.terms("茶") == ['"茶"*']
    assert query.terms("绿茶") == ['"绿茶"']


@pytest.mark.parametrize("slipped", ["jasmin", "jsamine", "ajsmine", "jasminne", "jazmime"])
def test_a_word_that_does_not_occur_stands_for_those_that_it_was_meant_to_be(
    connection: sqlite3.Connection, slipped: str
) -> None:
    assert expressions(connection, slipped) == ['"jasmine"']


def test_words_that_occur_or_are_short_or_not_alike_are_left_as_they_are(connection: sqlite3.Connection) -> None:
    assert expressions(connection, "tea teb jungle 1234 茶叶") == ['"tea"']


@pytest.fixture
def bicycles() -> Iterator[sqlite3.Connection]:
    database = Database(None)
    database.migrate(MIGRATIONS)
    with database.write() as opened:
        for text in ("landlords raised rents", "the bike shop", "自行 行车", "landlady"):
            opened.execute("INSERT INTO corpus_words VALUES ('', '', ?)", (text,))
    with database.read() as opened:
        yield opened


def test_other_forms_and_names_are_looked_for_too(bicycles: sqlite3.Connection) -> None:
    [expression] = expressions(bicycles, "landlord raises bicycle")
    assert set(expression.split(" OR ")) == {'"landlords"', '"raised"', '"bike"', '"自行 行车"'}


def test_where_the_own_words_leave_no_room_they_are_all(bicycles: sqlite3.Connection) -> None:
    assert expressions(bicycles, "bike", budget=1) == ['"bike"']
