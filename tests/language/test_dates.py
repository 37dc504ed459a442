from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.dates import Date, dates

MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]


def parts(text: str) -> list[tuple[int | None, int | None, int | None]]:
    return [(date.year, date.month, date.day) for date in dates(text)]


@pytest.mark.parametrize(
    "text",
    [
        "1987-05-03",
        "1987/5/3",
        "1987.5.3",
        "3 may 1987",
        "3rd of may 1987",
        "may 3, 1987",
        "may 3rd 1987",
        "1987年5月3日",
        "1987 年 5 月 3 号",
        "一九八七年五月三日",
    ],
)
def test_one_day_is_read_in_every_form(text: str) -> None:
    assert parts(f"on {text} it opened") == [(1987, 5, 3)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("may 1987", (1987, 5, None)),
        ("sept. 1987", (1987, 9, None)),
        ("3 may", (None, 5, 3)),
        ("may 3", (None, 5, 3)),
        ("december 31st", (None, 12, 31)),
        ("1987年", (1987, None, None)),
        ("1987年5月", (1987, 5, None)),
        ("5月3日", (None, 5, 3)),
        ("十二月三十一日", (None, 12, 31)),
        ("二〇二〇年", (2020, None, None)),
        ("公元221年", (221, None, None)),
        ("公元前221年", (-221, None, None)),
    ],
)
def test_a_date_is_read_as_far_as_it_was_said(text: str, found: tuple[int | None, ...]) -> None:
    assert parts(text) == [found]


@pytest.mark.parametrize(
    "text",
    ["", "1987", "maybe 3 marches", "1990年代", "13月40日", "1987-13-01", "三年", "5月"],
)
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert dates(text) == []


def test_several_dates_come_in_order_with_their_places() -> None:
    text = "from 3 may 1987 to 2004年6月1日"
    first, second = dates(text)
    assert text[first.start : first.end] == "3 may 1987"
    assert text[second.start : second.end] == "2004年6月1日"


@pytest.mark.parametrize(
    ("exact", "vague", "holds"),
    [
        ("1987年5月3日", "may 1987", True),
        ("1987年5月3日", "1987年", True),
        ("3 may 1987", "5月3日", True),
        ("may 1987", "3 may 1987", False),
        ("3 may 1987", "5 march 1987", False),
        ("1987年5月3日", "1978年", False),
        ("公元前221年", "公元221年", False),
    ],
)
def test_an_exact_date_holds_a_vaguer_one_and_no_other(exact: str, vague: str, holds: bool) -> None:
    [one], [other] = dates(exact), dates(vague)
    assert one.holds(other) is holds


@given(st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31)))
def test_every_day_is_the_same_in_every_language(day: datetime.date) -> None:
    month = MONTHS[day.month - 1]
    forms = [
        *(day.isoformat(), f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}"),
        *(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {month[:3]} {day.year}"),
    ]
    assert {form: parts(form) for form in forms} == {key: [(day.year, day.month, day.day)] for key in forms}


@given(st.text(alphabet="0123456789-/. 年月日号公元前一二十〇may,strdnh", max_size=40))
def test_any_text_can_be_read_and_holds_no_impossible_date(text: str) -> None:
    for date in dates(text):
        assert 0 <= (date.month or 0) <= 12
        assert 0 <= (date.day or 0) <= 31
        assert date.holds(date)
        assert date.holds(Date(None, None, None))
