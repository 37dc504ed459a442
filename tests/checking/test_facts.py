from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.checking.facts import read


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Vellan ferry sails to Skogar.", {"vellan", "skogar"}),
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
        ('She wrote "All is well" and `ls -l`.', ("all is well", "ls -l")),
        ("“Ａll” and “so”", ("all", "so")),
        ("他写道：「一切都好」，见《渡輪史》", ("一切都好", "渡轮史")),
        ("nothing here", ()),
    ],
)
def test_quotations_are_folded_like_what_they_are_compared_with(text: str, found: tuple[str, ...]) -> None:
    assert read(text).quotations == found


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("all dogs", "most dogs"),
        ("the first ferry", "the last ferry"),
        ("the north gate", "the south gate"),
        ("open until 5 pm", "open until 5 am"),
        ("所有人", "一半人"),
        ("周一闭馆", "周二闭馆"),
        ("东门", "西门"),
        ("上午开门", "下午开门"),
    ],
)
def test_a_word_that_turns_the_meaning_is_decisive(text: str, other: str) -> None:
    assert read(text).decisive
    assert read(text).decisive != read(other).decisive


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("sales increase", "sales increases"),
        ("周三", "星期三"),
        ("礼拜天", "周日"),
        ("5 pm", "5 p.m."),
        ("5pm", "5 pm"),
    ],
)
def test_forms_of_a_decisive_word_are_one(text: str, other: str) -> None:
    assert read(text).decisive == read(other).decisive != frozenset()


def test_numbers_and_dates_are_no_words() -> None:
    claim = read("On 3 May 1987 some 412 books and 12.5 km of film burnt.")
    assert claim.units == {"book", "film", "burnt"}
    assert [number.value for number in claim.numbers if not number.dimension] == [412]
    assert [(date.year, date.month, date.day) for date in claim.dates] == [(1987, 5, 3)]
    assert read("1987年5月3日烧毁四百一十二册书").units == {"烧毁", "册书"}


def test_what_is_denied_is_counted_and_named() -> None:
    claim = read("Dogs are not free and never travel alone.")
    assert claim.negations == 2
    assert claim.denied == {"fre", "travel", "alon"}
    assert read("狗不免费").denied == {"免费"}


@given(st.text(max_size=80))
def test_any_text_can_be_read_and_its_parts_belong_to_it(text: str) -> None:
    claim = read(text)
    assert claim.units == {unit for unit, _ in claim.words}
    assert claim.names <= claim.units
    assert claim.brands <= claim.names
    assert claim.denied <= claim.units
    assert all(0 <= at < len(claim.folded) for _, at in claim.words)
