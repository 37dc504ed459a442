"""Whole numbers as people write them: digits, English words up to twenty, Chinese numerals up to 99."""

from __future__ import annotations

_ENGLISH = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
]
_CHINESE = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2}

PATTERN = rf"(?:\d+|\b(?:{'|'.join(sorted(_ENGLISH, key=len, reverse=True))})\b|[零一二两兩三四五六七八九十]+)"
"""A regular expression for what ``number`` reads; ignore case with it."""


def number(text: str) -> int | None:
    """The value of ``text``; None when it is no number that can be read."""
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
