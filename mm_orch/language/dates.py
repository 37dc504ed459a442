"""Dates as people write them in English and Chinese, read from folded text (one width, one case)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mm_orch.language import numerals

_MONTHS = (
    *("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?"),
    *("sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"),
)
_MONTH = "|".join(_MONTHS)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_ZH = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_ZH_YEAR = r"(?:\d{4}|[〇零一二三四五六七八九]{4})"
_DATE = re.compile(
    rf"(?<![\w.])(?P<iso>\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})(?![\w-])"
    rf"|(?P<zh>(?:公元前? ?\d{{1,4}}|(?<!\d){_ZH_YEAR}) ?年(?: ?{_ZH} ?月份?(?: ?{_ZH} ?[日号])?)?(?!代)"
    rf"|(?<!\d){_ZH} ?月 ?{_ZH} ?[日号])"
    rf"|\b(?P<dmy>{_DAY}(?: of)? (?:{_MONTH})\b\.?(?:,? \d{{4}}\b)?)"
    rf"|\b(?P<mdy>(?:{_MONTH})\b\.? {_DAY}\b(?!,\d)(?:,? \d{{4}}\b)?)"
    rf"|\b(?P<my>(?:{_MONTH})\b\.?,? \d{{4}}\b)"
)
_PART = re.compile(rf"(?P<month>\b(?:{_MONTH})\b)|(?P<year>\d{{4}})|(?P<day>\d{{1,2}})")
_ZH_PART = re.compile(r"(\d{1,4}|[〇零一二三四五六七八九十]{1,4}) ?([年月日号])")


@dataclass(frozen=True, slots=True)
class Date:
    """A date as far as it was said, ``year`` below 0 before our era; ``start``, ``end``: places in its text."""

    year: int | None
    month: int | None
    day: int | None
    start: int = 0
    end: int = 0

    def holds(self, other: Date) -> bool:
        """Whether all that ``other`` says is said here too."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(theirs is None or own == theirs for own, theirs in pairs)


def dates(folded: str) -> list[Date]:
    """Every date in ``folded``, in order; what has a month above 12 or a day above 31 is none."""
    return [date for match in _DATE.finditer(folded) for date in _read(match)]


def _read(match: re.Match[str]) -> Iterator[Date]:
    text = match.group()
    if match.lastgroup == "zh":
        found = {unit: _number(part) for part, unit in _ZH_PART.findall(text)}
        year = found.get("年")
        parts = (
            -year if year and text.startswith("公元前") else year,
            found.get("月"),
            found.get("日", found.get("号")),
        )
    elif match.lastgroup == "iso":
        year, month, day = map(int, re.split(r"[-/.]", text))
        parts = year, month, day
    else:
        parts = _english(text)
    if (parts[1] or 1) <= 12 and (parts[2] or 1) <= 31:
        yield Date(*parts, match.start(), match.end())


def _english(text: str) -> tuple[int | None, int | None, int | None]:
    found = {part.lastgroup: part.group() for part in _PART.finditer(text)}
    month = next((at for at, name in enumerate(_MONTHS, 1) if re.fullmatch(name, found.get("month", ""))), None)
    year, day = found.get("year"), found.get("day")
    return int(year) if year else None, month, int(day) if day else None


def _number(text: str) -> int | None:
    value = numerals.digits(text) or numerals.chinese(text)
    return None if value is None else int(value)
