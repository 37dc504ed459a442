from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.routing.phrases import Phrases
from mm_orch.routing.request import parts

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


def found(phrases: list[str], text: str) -> list[str]:
    return Phrases({"label": phrases}).found(parts(text)).get("label", [])


@pytest.mark.parametrize(
    ("phrase", "text", "there"),
    [
        ("teach me", "please teach me", True),
        ("teach me", "teach them", False),
        ("art", "start", False),
        ("^teach", "teach me", True),
        ("^teach", "please teach", False),
        ("please$", "teach me please", True),
        ("please$", "what now, please?", True),
        ("please$", "please teach", False),
        ("write ... poem", "write me a short poem", True),
        ("write … poem", "write me a short poem", True),
        ("write ... poem", "a poem to write", False),
        ("出...题", "出几道数学题", True),
        ("翻译", "請翻譯這句話", True),
        ("5 exercises", "give me twelve or 12 exercises", True),
        ("translate", "the word is: translate", False),
    ],
)
def test_a_phrase_is_found_where_its_marks_allow(phrase: str, text: str, there: bool) -> None:
    assert found([phrase], text) == ([phrase] if there else [])


def test_a_gap_is_no_wider_than_a_clause() -> None:
    assert not found(["write ... poem"], f"write {'a very ' * 20} long poem")


def test_of_overlapping_phrases_the_longest_stays() -> None:
    assert found(["write", "write a", "poem"], "write a poem") == ["write a", "poem"]


def test_phrases_of_several_labels_do_not_hide_each_other() -> None:
    phrases = Phrases({"one": ["teach me"], "two": ["teach"]})
    assert phrases.found(parts("teach me")) == {"one": ["teach me"], "two": ["teach"]}


def test_a_word_of_a_phrase_is_not_taken_for_a_misspelling_of_another_word() -> None:
    phrases = Phrases({"label": ["recipe", "recipes"]})
    assert phrases.found(parts("a recipe"), lambda word: {"recipe": "recipes"}.get(word, word)) == {
        "label": ["recipe"]
    }


def test_a_phrase_without_words_points_nowhere() -> None:
    assert not found(["", "^", "$", "...", "！"], "anything！")


@given(st.lists(ANYTHING), ANYTHING)
def test_no_phrase_and_no_text_fails(phrases: list[str], text: str) -> None:
    assert set(found(phrases, text)) <= set(phrases)
