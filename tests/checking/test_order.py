from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.checking.facts import read
from mm_orch.checking.order import swapped


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Lima bought Kilo in 2004.", "Kilo bought Lima in 2004."),
        ("In 2004 Lima bought Mike.", "In 2004 Mike bought Lima."),
        ("Kilo was bought by Lima.", "Kilo bought Lima."),
        ("Hans Lima founded Berg.", "Lima was founded by Hans Berg."),
        ("The ferry was sold by Nordline.", "The ferry was sold to Nordline."),
        ("The bridge was designed by Peter Lund.", "The bridge was designed by Anna Holm and built by Peter Lund."),
        ("Tin is hotter than copper.", "Copper is hotter than tin."),
        ("Exports fell from 650 to 800 tonnes.", "Exports fell from 800 to 650 tonnes."),
        ("It was built between 1934 and 1929.", "It was built between 1929 and 1934."),
        ("It runs from 5 June to 3 May.", "It runs from 3 May to 5 June."),
        ("乙塔比甲塔高。", "甲塔比乙塔高。"),
        ("税从3欧元提高到2欧元。", "税从2欧元提高到3欧元。"),
        ("出口量从650吨降至800吨。", "出口量从800吨降至650吨。"),
        ("二月至次年十月停运。", "十月至次年二月停运。"),
        ("Lima公司收购了Kilo公司。", "Kilo公司收购了Lima公司。"),
    ],
)
def test_the_same_words_the_other_way_round_are_swapped(sentence: str, said: str) -> None:
    assert swapped(read(sentence), [read(said)])


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Lima was bought by Kilo.", "Kilo bought Lima in 2004."),
        ("Hans Berg founded Lima.", "Lima was founded by Hans Berg."),
        ("Kilo, which owns Lima, bought Mike.", "Kilo bought Mike and owns Lima."),
        ("Peter Lund built the bridge.", "The bridge was designed by Anna Holm and built by Peter Lund."),
        ("Copper is hotter than tin.", "Copper is much hotter than tin."),
        ("Exports fell from 800 to 650 tonnes.", "They fell from 800 t to 650 t."),
        ("It was built from 1929 to 1934.", "It was built between 1929 and 1934."),
        ("甲塔比乙塔高。", "甲塔比乙塔高得多。"),
        ("税从两欧元提高到三欧元。", "税从2欧元提高到3欧元。"),
        ("Lima公司被Kilo公司收购。", "Kilo公司收购了Lima公司。"),
    ],
)
def test_the_same_thing_said_otherwise_is_not_swapped(sentence: str, said: str) -> None:
    assert not swapped(read(sentence), [read(said)])


@given(st.integers(2, 10**6), st.integers(2, 10**6), st.sampled_from(["from {} to {} tonnes", "从{}吨到{}吨"]))
def test_a_span_is_swapped_with_its_reverse_alone(one: int, other: int, pattern: str) -> None:
    forth, back = read(pattern.format(one, other)), read(pattern.format(other, one))
    assert swapped(forth, [back]) is (one != other)
    assert not swapped(forth, [forth])


@given(
    st.lists(
        st.sampled_from(
            [
                "Kilo",
                "Lima",
                "bought",
                "by",
                "than",
                "比",
                "3",
                "to",
                "5",
                ",",
                "至",
                "由",
                "被",
                "May",
                "1987",
                "is",
            ]
        ),
        max_size=9,
    )
)
def test_a_sentence_with_each_word_once_is_not_swapped_with_itself(words: list[str]) -> None:
    claim = read(" ".join(dict.fromkeys(words)))
    assert not swapped(claim, [claim])
