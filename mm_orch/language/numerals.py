"""Numbers as people write them: digits with separators, English words, Chinese numerals with or without digits."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from mm_orch.language.folding import fold

_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_BELOW_20 = [
    "zero",
    *_ONES,
    *["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: value for value, word in enumerate(_BELOW_20)} | {
    word: 20 + 10 * at for at, word in enumerate(_TENS)
}
_DIGITS = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
_UNITS = {**_SMALL_UNITS, "万": 10**4, "亿": 10**8}
_SIGNS = "".join(_DIGITS)
_NUMERAL = re.compile(
    rf"(?P<whole>[{_SIGNS}{''.join(_UNITS)}]+)(?:点(?P<part>[{_SIGNS}]+)(?P<units>[{''.join(_UNITS)}]*))?"
)
_MOST_DIGITS = 30

SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12}
"""English words that multiply the number before them."""

ENGLISH = rf"\b(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?:-(?:{'|'.join(_ONES)}))?\b"
"""A regular expression for English number words up to 99, in lower case."""

CHINESE = "".join((*_DIGITS, *_UNITS, "兩萬億"))
"""The characters of Chinese numerals."""

PATTERN = rf"(?:\d+|{ENGLISH}|[{CHINESE}]+)"
"""A regular expression for what ``number`` reads; ignore case with it."""


def number(text: str) -> int | None:
    """The value of a whole number below 10^9; None when it is no number that can be read."""
    folded = fold(text)
    value = next((read for reader in (digits, english, chinese) if (read := reader(folded)) is not None), None)
    return int(value) if value is not None and value == int(value) < 10**9 else None


def english(text: str) -> int | None:
    """The value of English number words (``two thousand three hundred and twenty-five``); None for other words."""
    total = group = 0
    words = [word for word in re.split("[ -]", text) if word != "and"]
    for word in words:
        if word in _WORDS:
            group += _WORDS[word]
        elif word == "hundred":
            group *= 100
        elif word in SCALES:  # "two thousand million" multiplies what is before it
            total, group = (total + group * SCALES[word] if group else total * SCALES[word]), 0
        else:
            return None
    return total + group if words and words[0] in _WORDS else None


def digits(text: str) -> Decimal | None:
    """The value of digits with separators of thousands and a decimal point; None for what has too many."""
    plain = re.sub(r"[,_'\s]", "", text)
    return (
        Decimal(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain, re.ASCII) and len(plain) <= _MOST_DIGITS else None
    )


def chinese(text: str) -> Decimal | None:
    """The value of a Chinese numeral of any size: 三千五百万, 二〇二〇, 三点五万; None when it is none."""
    match = _NUMERAL.fullmatch(text)
    if match is None or len(text) > _MOST_DIGITS:
        return None
    is_spelt = set(match["whole"]) <= set(_DIGITS)
    whole = Decimal(_spelt(match["whole"])) if is_spelt else _positional(match["whole"])
    if whole is None or match["part"] is None:
        return whole
    return (whole + Decimal(f"0.{_spelt(match['part'])}")) * scale(match["units"])


def scale(units: str) -> int:
    """What Chinese units behind digits multiply them by: 万 is 10,000, 百万 a million."""
    return math.prod(_UNITS[unit] for unit in units)


def _spelt(signs: str) -> str:
    return "".join(_DIGITS[sign] for sign in signs)


def _positional(text: str) -> Decimal | None:
    total = section = 0
    digit: int | None = None
    last_unit = largest = 1
    for sign in text:
        if sign in _DIGITS:
            digit = int(_DIGITS[sign])
            last_unit = 1 if digit == 0 else last_unit
        elif sign in _SMALL_UNITS:
            if digit is None and section:  # 十十
                return None
            last_unit = _SMALL_UNITS[sign]
            section += (1 if digit is None else digit) * last_unit
            digit = None
        else:
            last_unit = _UNITS[sign]
            section, digit = section + (digit or 0), None
            # 一万亿 multiplies what is before it, 十二亿三千万 adds to it.
            total = (total + section) * last_unit if last_unit > largest else total + section * last_unit
            section, largest = 0, max(largest, last_unit)
    # 三千五 is 3,500: a last digit counts in tenths of the unit before it, unless 零 stands between.
    ending = (digit or 0) * (last_unit // 10 if last_unit > 10 else 1)
    return Decimal(total + section + ending)
