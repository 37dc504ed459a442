"""Numbers with their units in a folded text (one width, one case, simplified characters)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from mm_orch.text import numerals, units

_ZH = numerals.CHINESE
_SCALES = "|".join(numerals.SCALES)
_NUMBER = re.compile(
    rf"(?:(?P<per>百分之)|(?P<before>{units.BEFORE})\s?)?"
    rf"(?P<minus>(?<![\w)\]])[-−](?=\d))?"
    rf"(?:(?P<digits>(?<![a-z_\d.])\d{{1,3}}(?:[,_' ]\d{{3}})+(?:\.\d+)?(?!\d)|(?<![a-z_.])\d+(?:\.\d+)?)"
    rf"(?P<zhscale>[十百千万亿]*(?=千[米克瓦])|[十百千万亿]+)?(?P<tail>st|nd|rd|th|s)?(?![\d_]|\.\d|[a-z]\d)"
    rf"|(?P<zh>(?:[{_ZH}]+点)?(?:[{_ZH}]+(?=千[米克瓦])|[{_ZH}]+))"
    rf"|(?P<en>{numerals.ENGLISH})(?P<more>(?:[ -](?:{_SCALES}))*))"
    rf"(?:\s?(?P<scale>{_SCALES})\b)?[多余]?(?:[ -]?(?P<unit>{units.AFTER}))?"
)
# Numerals that are parts of words or say no more than an article: 一些, 一名, 万里长城, 十分.
_NO_COUNT = re.compile("[一二两十零〇]|[百千万亿]+|一[百千万亿]?")
_ONE = ("one", "zero")


@dataclass(frozen=True, slots=True)
class Quantity:
    """``value`` times ``factor`` in the base unit of ``dimension``; without a unit ``""`` and 1."""

    value: Decimal
    dimension: str
    factor: Decimal
    start: int
    end: int

    def same(self, other: Quantity) -> bool:
        """Whether both say the same; one without a unit is taken to be in the other's."""
        if self.dimension and other.dimension:
            return self.dimension == other.dimension and self.value * self.factor == other.value * other.factor
        return self.value == other.value


def quantities(folded: str) -> list[Quantity]:
    """Every number in ``folded`` that counts or measures, in order; ``one`` and 一 alone say nothing."""
    return [quantity for match in _NUMBER.finditer(folded) for quantity in _read(match)]


def _read(match: re.Match[str]) -> Iterator[Quantity]:
    value = _value(match)
    if value is None:
        return
    name = match["before"] or match["unit"] or ""
    dimension, factor = ("%", Decimal(1)) if match["per"] else units.unit(name)
    if match["zh"] and dimension in ("", "person") and _NO_COUNT.fullmatch(match["zh"]):
        return
    yield Quantity(-value if match["minus"] else value, dimension, factor, match.start(), match.end())


def _value(match: re.Match[str]) -> Decimal | None:
    if match["digits"]:
        value = numerals.digits(match["digits"])
        scaled = numerals.scale(match["zhscale"] or "")
    elif match["zh"]:
        value, scaled = numerals.chinese(match["zh"]), 1
    else:
        word = match["en"]
        if word in _ONE and not match["more"] and not match["scale"] and not match["unit"]:
            return None
        read = numerals.english(word)
        value, scaled = None if read is None else Decimal(read), 1
        for name in re.findall(r"[a-z]+", match["more"]):
            scaled *= numerals.SCALES[name]
    if value is None:
        return None
    return value * scaled * numerals.SCALES.get(match["scale"] or "", 1)
