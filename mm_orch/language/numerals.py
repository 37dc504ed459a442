"""Numbers as people write them: digits with separators, English words, Chinese numerals with or without digits."""

from __future__ import annotations

import re
from decimal import Decimal

_ENGLISH = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
]
_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: value for value, word in enumerate(_ENGLISH)} | {
    word: 30 + 10 * at for at, word in enumerate(_TENS)
}
_CHINESE = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "兩": 2,
    "〇": 0,
}
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE_UNITS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_MOST_DIGITS = 30

SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12}
"""English words that multiply the number before them."""

PATTERN = rf"(?:\d+|\b(?:{'|'.join(sorted(_ENGLISH, key=len, reverse=True))})\b|[零一二两兩三四五六七八九十]+)"
"""A regular expression for what ``number`` reads; ignore case with it."""

ENGLISH = rf"\b(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?:-(?:{'|'.join(_ENGLISH[1:10])}))?\b"
"""A regular expression for the English number words up to 99 that ``english`` reads, in lower case."""

CHINESE = "零〇一二两兩三四五六七八九十百千万萬亿億"
"""The characters of Chinese numerals."""


def number(text: str) -> int | None:
    """The value of a whole number up to 99, or of digits; None when it is no number that can be read."""
    text = text.strip().lower()
    if text in _ENGLISH:
        return _ENGLISH.index(text)
    if text.isdecimal() and len(text) < 10:
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _CHINESE.get(text)
    if (tens and tens not in _CHINESE) or (ones and ones not in _CHINESE):
        return None
    return _CHINESE.get(tens, 1) * 10 + _CHINESE.get(ones, 0)


def english(text: str) -> int | None:
    """The value of an English number word, ``twenty-five`` among them; None for any other."""
    tens, _, ones = text.partition("-")
    if tens not in _WORDS or (ones and ones not in _WORDS):
        return None
    return _WORDS[tens] + _WORDS.get(ones, 0)


def digits(text: str) -> Decimal | None:
    """The value of digits with separators of thousands and a decimal point; None for what has too many."""
    plain = re.sub(r"[,_'\s]", "", text)
    return (
        Decimal(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain, re.ASCII) and len(plain) <= _MOST_DIGITS else None
    )


def chinese(text: str) -> Decimal | None:
    """The value of a Chinese numeral of any size: 三千五百万, 二〇二〇, 三点五; None when it is none."""
    whole, point, fraction = text.partition("点")
    if len(text) > _MOST_DIGITS or (point and not fraction):
        return None
    if all(character in _CHINESE for character in whole + fraction) and whole:
        spelt = "".join(str(_CHINESE[character]) for character in whole)
        return Decimal(f"{spelt}.{_spelt(fraction)}" if fraction else spelt)
    if point:
        units = fraction.lstrip("".join(_CHINESE))
        head, value = chinese(whole), chinese(f"零点{fraction.removesuffix(units)}") if fraction != units else None
        return None if head is None or value is None else _scaled(head + value, units)
    return _positional(whole)


def scale(units: str) -> int:
    """What Chinese units behind digits multiply them by: 万 is 10,000, 百万 a million."""
    product = 1
    for unit in units:
        product *= _SMALL_UNITS.get(unit) or _LARGE_UNITS.get(unit, 1)
    return product


def _spelt(characters: str) -> str:
    return "".join(str(_CHINESE[character]) for character in characters)


def _scaled(value: Decimal, units: str) -> Decimal | None:
    return value * scale(units) if all(unit in _SMALL_UNITS or unit in _LARGE_UNITS for unit in units) else None


def _positional(text: str) -> Decimal | None:
    total = section = 0
    digit: int | None = None
    last_unit = largest = 1
    for character in text:
        if character in _CHINESE:
            digit = _CHINESE[character]
            last_unit = 1 if digit == 0 else last_unit
        elif character in _SMALL_UNITS:
            last_unit = _SMALL_UNITS[character]
            section += (1 if digit is None else digit) * last_unit
            digit = None
        elif character in _LARGE_UNITS:
            last_unit = _LARGE_UNITS[character]
            section, digit = section + (digit or 0), None
            # 一万亿 multiplies what is before it, 十二亿三千万 adds to it.
            total = (total + section) * last_unit if last_unit > largest else total + section * last_unit
            section, largest = 0, max(largest, last_unit)
        else:
            return None
    # 三千五 is 3,500: a last digit counts in tenths of the unit before it, unless 零 stands between.
    ending = (digit or 0) * (last_unit // 10 if last_unit > 10 else 1)
    return Decimal(total + section + ending) if text else None
