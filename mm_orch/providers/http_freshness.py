"""For how long a response may be used again: Cache-Control and its relatives, read for one person's cache."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

_LONGEST_S = 7 * 86_400.0  # a page may say ten years, and mean its address rather than its text
_GUESSED_SHARE = 0.1  # of the time since the last change, as RFC 9111 4.2.2 proposes
_GUESSED_MOST_S = 3600.0
_GUESSED_S = 300.0  # nothing is known: long enough for a second question about the same pages
_DIRECTIVE = re.compile(r"""([\w-]+)(?:\s*=\s*"?([^",]*)"?)?""")


@dataclass(frozen=True, slots=True)
class Freshness:
    """``fresh_s`` seconds without asking; then with ``etag`` and ``last_modified``, where there are any."""

    may_keep: bool
    fresh_s: float = 0.0
    etag: str = ""
    last_modified: str = ""


def judge(headers: Mapping[str, str]) -> Freshness:
    """What a response's headers allow. What cannot be understood counts as absent."""
    control = {name.lower(): value for name, value in _DIRECTIVE.findall(headers.get("Cache-Control", ""))}
    if "no-store" in control:
        return Freshness(may_keep=False)
    must_ask = "no-cache" in control or headers.get("Vary", "").strip() == "*"
    fresh_s = 0.0 if must_ask else min(_LONGEST_S, max(0.0, _lifetime(control, headers) - _age(headers)))
    return Freshness(True, fresh_s, headers.get("ETag", ""), headers.get("Last-Modified", ""))


def http_date(text: str) -> float | None:
    """Seconds since the epoch of a date in a header; None for what is no date."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _lifetime(control: Mapping[str, str], headers: Mapping[str, str]) -> float:
    given = control.get("max-age", "").strip()
    if given.isascii() and given.isdecimal():
        return float(given[:12])
    date = http_date(headers.get("Date", ""))
    if "Expires" in headers:
        expires = http_date(headers["Expires"])
        return expires - date if expires is not None and date is not None else 0.0
    changed = http_date(headers.get("Last-Modified", ""))
    if changed is not None and date is not None:
        return min(_GUESSED_MOST_S, (date - changed) * _GUESSED_SHARE)
    return _GUESSED_S


def _age(headers: Mapping[str, str]) -> float:
    age = headers.get("Age", "").strip()
    return float(age[:12]) if age.isascii() and age.isdecimal() else 0.0
