from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.quantities import Quantity, quantities


def values(text: str) -> list[str]:
    """What each number of ``text`` is in base units, and of what dimension."""
    return [f"{(each.value * each.factor).normalize():f} {each.dimension}".strip() for each in quantities(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("412 books", ["412"]),
        ("1,250 people", ["1250 person"]),
        ("1 250 000", ["1250000"]),
        ("1_000", ["1000"]),
        ("3.5", ["3.5"]),
        ("1.2 million", ["1200000"]),
        ("2 bn", ["2000000000"]),
        ("forty-two", ["42"]),
        ("four hundred and twelve books", ["412"]),
        ("two thousand three hundred and five", ["2305"]),
        ("one million", ["1000000"]),
        ("between two hundred and three hundred", ["200", "300"]),
        ("the 1990s", ["1990"]),
        ("-12 °c", ["-12 c"]),
        ("minus 12 °c", ["-12 c"]),
        ("221 bc", ["-221"]),
        ("$12.50", ["12.5 usd"]),
        ("12.50 dollars", ["12.5 usd"]),
        ("12 %", ["12 %"]),
        ("12 per cent", ["12 %"]),
        ("5 km", ["5000 m"]),
        ("5km long", ["5000 m"]),
        ("3 km2", ["3000000 m2"]),
        ("40 minutes", ["2400 s"]),
        ("3rd floor", ["3 th"]),
        ("third floor", ["3 th"]),
        ("the second floor", ["2 th"]),
        ("two thirds", ["0.6666666666666666666666666667"]),
        ("one third", ["0.3333333333333333333333333333"]),
        ("a quarter of it", ["0.25"]),
        ("5 to 8 km", ["5000 m", "8000 m"]),
        ("5-8 percent", ["5 %", "8 %"]),
    ],
)
def test_english_numbers_are_read_with_their_units(text: str, found: list[str]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("四百一十二册", ["412"]),
        ("412万", ["4120000"]),
        ("三点五万平方公里", ["35000000000 m2"]),
        ("一亿二千万", ["120000000"]),
        ("1.2亿", ["120000000"]),
        ("二〇二〇", ["2020"]),
        ("八千八百四十八米", ["8848 m"]),
        ("12.5公里", ["12500 m"]),
        ("五千克", ["5000 g"]),
        ("16gb内存", ["16000000000 byte"]),
        ("5km长", ["5000 m"]),
        ("5千克", ["5000 g"]),
        ("百分之十二", ["12 %"]),
        ("12个百分点", ["12 %"]),
        ("三分之二", ["0.6666666666666666666666666667"]),
        ("四分之一", ["0.25"]),
        ("零下12度", ["-12 c"]),
        ("为-12度", ["-12 c"]),
        ("四十分钟", ["2400 s"]),
        ("三百多人", ["300 person"]),
        ("两只猫", ["2"]),
        ("十二元", ["12 cny"]),
        ("12美元", ["12 usd"]),
        ("第三层", ["3 th"]),
        ("第二层", ["2 th"]),
        ("第3层", ["3 th"]),
        ("五至八公里", ["5000 m", "8000 m"]),
    ],
)
def test_chinese_numbers_are_read_with_their_units(text: str, found: list[str]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "no number",
        "one of them",
        "a second",
        "一些",
        "一名船员",
        "十分好",
        "十字路口",
        "两者",
        "两岸",
        "万里长城",
        "周三",
        "星期四",
        "二手车",
        "千万不要",
        "gpt4",
        "a1",
    ],
)
def test_words_that_count_nothing_are_no_numbers(text: str) -> None:
    assert quantities(text) == []


def test_once_a_week_is_no_weekday() -> None:
    assert values("每周三次") == ["3"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("12.5 km", "12500 m", True),
        ("12.5公里", "12.5 km", True),
        ("12.5 km", "12.5", True),
        ("412万", "4.12 million", True),
        ("三分之二", "two thirds", True),
        ("第三", "3rd", True),
        ("1200万", "1.2亿", False),
        ("12.5 km", "12.5 m", False),
        ("12 %", "12 km", False),
        ("5万", "5亿", False),
        ("12 dollars", "12 euros", False),
        ("12元", "12美元", False),
        ("-12 °c", "12 °c", False),
        ("three thirds", "two thirds", False),
    ],
)
def test_numbers_are_the_same_in_any_unit_of_their_kind(one: str, other: str, same: bool) -> None:
    [left], [right] = quantities(one), quantities(other)
    assert left.same(right) is same
    assert right.same(left) is same


def test_a_number_tells_where_it_stands_with_its_unit() -> None:
    text = "it is 12.5 km long"
    [found] = quantities(text)
    assert text[found.start : found.end] == "12.5 km"


@pytest.mark.parametrize(
    ("text", "is_year"), [("1987", True), ("2100", True), ("999", False), ("2101", False), ("1987 km", False)]
)
def test_what_may_be_a_year_is_told(text: str, is_year: bool) -> None:
    [found] = quantities(text)
    assert found.is_year is is_year


@given(st.integers(0, 10**12 - 1))
def test_separators_of_thousands_change_nothing(number: int) -> None:
    for text in (f"{number}", f"{number:,}", f"{number:,}".replace(",", " "), f"{number:_}"):
        assert [each.value for each in quantities(text)] == [number]


def spelt(number: int) -> str:
    """``number`` under 10,000 in Chinese numerals."""
    text, gap = "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // size % 10
        text += ("零" if gap and digit and text else "") + ("零一二三四五六七八九"[digit] + unit if digit else "")
        gap = not digit if text else False
    return text


@given(st.integers(1001, 9999), st.sampled_from(["", "万", "亿"]))
def test_a_chinese_numeral_says_what_its_digits_say(number: int, scale: str) -> None:
    [spelled], [written] = quantities(f"{spelt(number)}{scale}册"), quantities(f"{number}{scale}册")
    assert spelled.value == written.value


@given(st.text(alphabet="0123456789.,-−%$€一二两三十百千万亿零〇点第分之百多余 abkmthird年周负", max_size=40))
def test_any_text_can_be_read_and_its_numbers_stand_in_order(text: str) -> None:
    found = quantities(text)
    assert all(each.start < each.end <= len(text) for each in found)
    assert all(left.end <= right.start for left, right in itertools.pairwise(found))


@given(st.decimals(-(10**6), 10**6, places=2), st.decimals(-(10**6), 10**6, places=2))
def test_numbers_without_units_are_the_same_when_their_values_are(one: Decimal, other: Decimal) -> None:
    left, right = (Quantity(value, "", Decimal(1), 0, 1) for value in (one, other))
    assert left.same(right) is (one == other)
