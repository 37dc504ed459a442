from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.stems import characters, stem, units


@pytest.mark.parametrize(
    "forms",
    [
        "build builds building built",
        "city cities",
        "write writes wrote written writing",
        "open opens opened opening",
        "stop stops stopped stopping",
        "carry carries carried",
        "run running ran",
        "km kilometre kilometres",
        "raise raised raising",
        "fibre fiber",
        "large largest big",
    ],
)
def test_the_forms_of_a_word_are_one(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("open", "close"),
        ("import", "export"),
        ("north", "south"),
        ("glass", "gland"),
        ("horse", "house"),
        ("ferry", "fair"),
    ],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize("word", ["glass", "is", "as", "ed", "ing", "a", ""])
def test_a_word_that_only_looks_like_a_form_is_kept(word: str) -> None:
    assert stem(word) == word


def test_words_that_every_sentence_has_say_nothing() -> None:
    assert units("it is the one that was not used by them") == []
    assert units("这是在的不了") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the ferry's harbour", [("ferry", 4), ("harbour", 12)]),
        ("low-cost ferries", [("low", 0), ("cost", 4), ("ferry", 9)]),
        ("it isn't open", [("open", 9)]),
        ("渡轮码头", [("渡轮", 0), ("轮码", 1), ("码头", 2)]),
        ("渡轮在码头", [("渡轮", 0), ("码头", 3)]),
        ("桥", [("桥", 0)]),
        ("使用gguf格式", [("使用", 0), ("gguf", 2), ("格式", 6)]),
        ("412 km2 2019", [("km2", 4)]),
    ],
)
def test_words_come_in_order_with_their_places(text: str, found: list[tuple[str, int]]) -> None:
    assert units(text) == found


def test_characters_are_those_that_carry_meaning() -> None:
    assert characters("渡轮的码头在 ferry 3") == set("渡轮码头")


@given(st.text(alphabet=st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=15))
def test_a_stem_is_never_empty(word: str) -> None:
    assert stem(word)


@given(st.text(alphabet="abe dfs'-渡轮的不在3 \n", max_size=40))
def test_places_rise_and_lie_within_the_text(text: str) -> None:
    places = [at for _, at in units(text)]
    assert places == sorted(places)
    assert all(0 <= at < len(text) for at in places)
    assert all(text[at] == unit[0] for unit, at in units(text) if not unit.isascii())
