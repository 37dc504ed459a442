"""For how long a response may be used again."""

from __future__ import annotations

import pytest

from mm_orch.providers.http_freshness import Freshness, http_date, judge

_DATE = "Sat, 21 Nov 2026 12:00:00 GMT"
_LATER = "Sat, 21 Nov 2026 12:10:00 GMT"
_LONG_AGO = "Sat, 21 Nov 2020 12:00:00 GMT"
_JUST_BEFORE = "Sat, 21 Nov 2026 11:50:00 GMT"
_WEEK = 7 * 86_400


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "max-age=60"}, 60),
        ({"Cache-Control": 'public, Max-Age="60"'}, 60),
        ({"Cache-Control": "private, max-age=60"}, 60),
        ({"Cache-Control": "max-age=60", "Age": "50"}, 10),
        ({"Cache-Control": "max-age=60", "Age": "70"}, 0),
        ({"Cache-Control": "max-age=60", "Age": "soon"}, 60),
        ({"Cache-Control": "max-age=999999999999999999"}, _WEEK),
        ({"Cache-Control": "s-maxage=60, max-age=5"}, 5),
        ({"Cache-Control": "no-cache, max-age=60"}, 0),
        ({"Cache-Control": "max-age=60", "Vary": "*"}, 0),
        ({"Cache-Control": "max-age=60", "Expires": _DATE, "Date": _DATE}, 60),
        ({"Expires": _LATER, "Date": _DATE}, 600),
        ({"Expires": "0", "Date": _DATE}, 0),
        ({"Expires": _JUST_BEFORE, "Date": _DATE}, 0),
        ({"Last-Modified": _JUST_BEFORE, "Date": _DATE}, 60),
        ({"Last-Modified": _LONG_AGO, "Date": _DATE}, 3600),
        ({"Last-Modified": _LATER, "Date": _DATE}, 0),
        ({"Cache-Control": "max-age=-5"}, 300),
        ({"Cache-Control": "max-age=²"}, 300),
        ({}, 300),
    ],
)
def test_a_page_stays_fresh_as_long_as_its_server_says_within_reason(
    headers: dict[str, str], seconds: float
) -> None:
    judged = judge(headers)
    assert judged.may_keep
    assert judged.fresh_s == pytest.approx(seconds)


@pytest.mark.parametrize("control", ["no-store", "max-age=60, No-Store", 'private="set-cookie", no-store'])
def test_what_must_not_be_stored_is_not(control: str) -> None:
    assert judge({"Cache-Control": control, "ETag": '"x"'}) == Freshness(may_keep=False)


def test_what_to_ask_with_is_kept() -> None:
    judged = judge({"ETag": 'W/"x"', "Last-Modified": _DATE})
    assert (judged.etag, judged.last_modified) == ('W/"x"', _DATE)


@pytest.mark.parametrize("text", ["", "never", "99 Foo 2026", "Sat, 21 Nov 99999999999 12:00:00 GMT"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert http_date(text) is None
