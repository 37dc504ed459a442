from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.units import AFTER, BEFORE, unit


@pytest.mark.parametrize(
    ("names", "dimension", "factor"),
    [
        (("km", "kilometres", "kilometer", "公里", "千米"), "m", "1000"),
        (("m", "metre", "米"), "m", "1"),
        (("km²", "km2", "square kilometres", "平方公里"), "m2", "1000000"),
        (("hectares", "公顷"), "m2", "10000"),
        (("kg", "公斤", "千克"), "g", "1000"),
        (("tonnes", "吨"), "g", "1000000"),
        (("minutes", "分钟"), "s", "60"),
        (("hours", "小时"), "s", "3600"),
        (("°c", "℃", "degrees celsius", "摄氏度"), "c", "1"),
        (("%", "percent", "per cent", "个百分点"), "%", "1"),
        (("m3", "cubic metres", "立方米"), "l", "1000"),
        (("$", "dollars", "美元"), "usd", "1"),
        (("yuan", "元", "rmb"), "cny", "1"),
    ],
)
def test_one_unit_is_known_by_all_its_names(names: tuple[str, ...], dimension: str, factor: str) -> None:
    assert {name: unit(name) for name in names} == dict.fromkeys(names, (dimension, Decimal(factor)))


@pytest.mark.parametrize(
    ("one", "other"), [("km", "km2"), ("元", "美元"), ("°c", "°f"), ("m", "min"), ("斤", "千瓦"), ("gb", "gbp")]
)
def test_units_of_different_kinds_are_kept_apart(one: str, other: str) -> None:
    assert unit(one)[0] != unit(other)[0]


@pytest.mark.parametrize("name", ["", "boat", "册", "kmh2"])
def test_what_is_no_unit_has_no_dimension(name: str) -> None:
    assert unit(name) == ("", Decimal(1))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("km/h", "km/h"),
        ("km2 of land", "km2"),
        ("kilometres", "kilometres"),
        ("平方公里", "平方公里"),
        ("公里/小时", "公里/小时"),
        ("千克", "千克"),
        ("分钟", "分钟"),
        ("miles away", "miles"),
    ],
)
def test_the_longest_name_of_a_unit_is_found_behind_a_number(text: str, found: str) -> None:
    match = re.match(AFTER, text)
    assert match
    assert match.group() == found


@pytest.mark.parametrize("text", ["mice", "hens", "grapes", "boats", "kmx", "册"])
def test_the_beginning_of_a_word_is_no_unit(text: str) -> None:
    assert re.match(AFTER, text) is None


@pytest.mark.parametrize(("text", "found"), [("us$", "us$"), ("$", "$"), ("€", "€"), ("¥", "¥")])
def test_signs_of_money_are_found_before_a_number(text: str, found: str) -> None:
    match = re.match(BEFORE, f"{text}5")
    assert match
    assert match.group() == found


@given(st.text(max_size=20))
def test_any_name_has_a_positive_size(name: str) -> None:
    assert unit(name)[1] > 0
