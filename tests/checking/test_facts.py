from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.checking.facts import read


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Vellan ferry sails to Skogar's port.", {"vellan", "skogar"}),
        ("LoRA files are small.", {"lora"}),
        ("Ferries sail daily.", set()),
        ("It opened in May 1987 at 5 °C.", set()),
        ("Water boils at 100 degrees Celsius.", set()),
        ("使用llama格式的Kilo文件", {"llama", "kilo"}),
    ],
)
def test_names_are_what_has_a_capital_or_is_latin_in_chinese(text: str, found: set[str]) -> None:
    assert set(read(text).names) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Use GPT-4 or F5 at 10:30.", {"gpt-4", "f5", "10:30"}),
        ("Version 1.2.3 is new.", {"1.2.3"}),
        ("型号为X100，用于8:05", {"x100", "8:05"}),
        ("The lake has 3.5 km² of ice and 12 books.", set()),
    ],
)
def test_codes_mix_letters_and_digits(text: str, found: set[str]) -> None:
    assert set(read(text).codes) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('She wrote "All is well" and `ls -l`.', ("all is well",)),
        ("“Ａll well” and “so”", ("all well", "so")),
        ("他写道：「一切都好」，见《渡輪史》", ("一切都好",)),
        ('It is "a town [...] of … glass".', ("a town ", " of ", " glass")),
        ('He sang "Songs of the Sea" on "The A.V. Club".', ()),
        ("nothing here", ()),
    ],
)
def test_quotations_are_folded_in_pieces_and_without_titles(text: str, found: tuple[str, ...]) -> None:
    assert read(text).quotations == found


def test_titles_of_works_and_code_are_names() -> None:
    assert set(read("见《渡輪史》和`ls -l`").names) == {"渡轮史", "ls -l", "ls"}


def test_numbers_and_dates_are_no_words() -> None:
    facts = read("On 3 May 1987 some 412 books and 12.5 km of film burnt.")
    assert facts.terms == {"book", "film", "burnt"}
    assert [number.value for number in facts.numbers if not number.dimension] == [412]
    assert [(date.year, date.month, date.day) for date in facts.dates] == [(1987, 5, 3)]
    assert facts.values == (*facts.numbers, *facts.dates)
    assert facts.years == {1987}
    assert "烧毁" in read("1987年5月3日烧毁四百一十二册书").terms


def test_a_value_is_there_in_any_unit_and_as_the_year_of_a_date() -> None:
    facts = read("It opened on 3 May 1987 and is 12.5 km long.")
    for text, there in [
        ("12,500 m", True),
        ("12.5 miles", False),
        ("1987", True),
        ("May 1987", True),
        ("May 1988", False),
    ]:
        [value] = read(text).values
        assert facts.has(value) is there


def test_what_a_number_counts_is_the_word_behind_it() -> None:
    for text, counted in [
        ("three lanes", "lane"),
        ("3-lane road", "lane"),
        ("三条车道", "条车"),
        ("it has 3.", ""),
    ]:
        facts = read(text)
        assert facts.counted(facts.numbers[0]) == counted


@given(st.text(max_size=80))
def test_any_text_can_be_read_and_its_values_stand_in_it(text: str) -> None:
    facts = read(text)
    assert all(0 <= value.start <= value.end <= len(facts.folded) for value in facts.values)
    assert all(facts.has(value) for value in facts.values)
