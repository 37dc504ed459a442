import re

import pytest

from mm_orch.language.numerals import PATTERN, chinese, english, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("３", 3),
        ("Five", 5),
        ("twenty", 20),
        ("三", 3),
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三十五", 35),
        ("twenty-five", 25),
        ("zero", 0),
        ("一百二十", 120),
        ("兩千", 2000),
        ("", None),
        ("many", None),
        ("十十", None),
        ("9" * 40, None),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, value: int | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["12", "seven", "十二", "两"])
def test_the_pattern_finds_what_can_be_read(text: str) -> None:
    found = re.search(PATTERN, f"with {text} of them", re.IGNORECASE)
    assert found
    assert found.group() == text


def test_the_pattern_finds_no_number_inside_a_word() -> None:
    assert re.search(PATTERN, "a stone and a bone", re.IGNORECASE) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twenty-five", 25),
        ("two thousand three hundred and five", 2305),
        ("three million two hundred thousand", 3_200_000),
        ("two thousand million", 2_000_000_000),
        ("hundred", None),
        ("two cats", None),
        ("", None),
    ],
)
def test_english_number_words_are_read_together(text: str, value: int | None) -> None:
    assert english(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三千五百万", "35000000"),
        ("二〇二〇", "2020"),
        ("三点五万", "35000"),
        ("一亿二千万", "120000000"),
        ("十点", None),
    ],
)
def test_chinese_numerals_of_any_size_are_read(text: str, value: str | None) -> None:
    assert chinese(text) == (None if value is None else int(value))
