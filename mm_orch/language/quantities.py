"""Numbers with their units in a folded text (one width, one case, simplified characters)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from mm_orch.language import numerals, units

_ZH = numerals.CHINESE
_EN = numerals.ENGLISH
_SCALES = "|".join(numerals.SCALES)
_LARGE = "(?:(?<=thousand)|(?<=million)|(?<=billion)|(?<=trillion))"
_ORDINALS = (
    *("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
_PARTS = {name: at for at, name in enumerate(_ORDINALS[1:9], 3)} | {"quarter": 4}
_PART = "|".join(_PARTS)
_NUMBER = re.compile(
    rf"(?:(?P<per>百分之)|(?P<before>{units.BEFORE})\s?)?"
    rf"(?P<minus>(?:(?<![\w)\]])|(?<=[为是至到达约于]))[-−](?=\d)|\bminus\s|零下|负)?"
    rf"(?:(?P<digits>(?<![a-z_\d.])\d{{1,3}}(?:[,_' ]\d{{3}})+(?:\.\d+)?(?!\d)|(?<![a-z_.])\d+(?:\.\d+)?)"
    rf"(?P<zhscale>[十百千万亿]*(?=千[米克瓦])|[十百千万亿]+)?(?P<tail>st|nd|rd|th|s)?(?![\d_]|\.\d|[a-z]\d)"
    rf"|(?P<zh>(?:[{_ZH}]+点)?(?:[{_ZH}]+(?=千[米克瓦])|[{_ZH}]+))"
    rf"|(?P<parts>{_EN})[ -](?P<part>{_PART})s\b|(?:\bone[ -]|\ba (?=\w+ of\b))(?P<onepart>{_PART})\b"
    rf"|(?P<ordinal>\b(?:{'|'.join(_ORDINALS[1:])}|(?:(?<=the )|(?<=its )|(?<=his )|(?<=her ))second)\b(?!-))"
    rf"|(?P<en>{_EN}(?:[ -](?:{_SCALES}))*(?:{_LARGE} {_EN} hundred)?"
    rf"(?:(?:{_LARGE}|(?<=hundred))(?: and)? {_EN}(?![ -](?:{_SCALES})|-))?))"
    rf"(?:\s?(?P<scale>{_SCALES})\b)?[多余]?(?:[ -]?(?P<unit>{units.AFTER}))?(?P<bc>\s?(?:bce?\b|b\.c\.))?"
)
# Numerals that are parts of words or say no more than an article: 一些, 一名, 万里长城, 十分, 两者.
_NO_COUNT = re.compile("[零〇]|[百千万亿]+|一[百千万亿]?")
_NO_NUMERAL = re.compile("十(?=[字足]|分(?!之))|两(?=[者岸侧旁端])|二(?=[手维氧进])")
_WEEKDAY = re.compile("(?:周|星期|礼拜)[一二三四五六](?!次|个|回|趟|班|天|小时)")
_UP_TO = re.compile(r"\s*(?:[-–—~]|to|or|至|到|或)\s*")
_ONE = ("one", "zero")
_ORDINAL = "th"


@dataclass(frozen=True, slots=True)
class Quantity:
    """``value`` times ``factor`` in the base unit of ``dimension``; without a unit ``""`` and 1.

    What counts a place in a row (3rd, third, 第三) has the dimension ``"th"``.
    """

    value: Decimal
    dimension: str
    factor: Decimal
    start: int
    end: int

    @property
    def is_year(self) -> bool:
        """Whether it may be a year of our time."""
        return not self.dimension and 1000 <= self.value <= 2100 and self.value == int(self.value)

    def same(self, other: Quantity) -> bool:
        """Whether both say the same; one without a unit is taken to be in the other's."""
        if self.dimension and other.dimension:
            return self.dimension == other.dimension and self.value * self.factor == other.value * other.factor
        return self.value == other.value


def quantities(folded: str) -> list[Quantity]:
    """Every number in ``folded`` that counts or measures, in order; ``one`` and 一 alone say nothing."""
    weekdays = {match.end() - 1 for match in _WEEKDAY.finditer(folded)}
    found: list[Quantity] = []
    for match in _NUMBER.finditer(folded):
        for quantity in _read(match) if match.start() not in weekdays else ():
            _joined(found, quantity, folded)
    return found


def _joined(found: list[Quantity], new: Quantity, folded: str) -> None:
    """Adds ``new`` to those before it: 三分之二 is one number, and in "5 to 8 km" both are lengths."""
    last = found[-1] if found else None
    between = folded[last.end : new.start] if last else ""
    if last and between == "分之" and last.value:
        found[-1] = Quantity(new.value / last.value, "", Decimal(1), last.start, new.end)
        return
    if (
        last
        and not last.dimension
        and new.dimension
        and not 1000 <= last.value <= 2100
        and _UP_TO.fullmatch(between)
    ):
        found[-1] = replace(last, dimension=new.dimension, factor=new.factor)
    found.append(new)


def _read(match: re.Match[str]) -> Iterator[Quantity]:
    value = _value(match)
    if value is None:
        return
    name = match["before"] or match["unit"] or ""
    dimension, factor = ("%", Decimal(1)) if match["per"] else units.unit(name)
    before = match.string[max(0, match.start() - 2) : match.start()]
    if match["zh"] and dimension in ("", "person") and not match["minus"] and _is_word(match, before):
        return
    if not dimension and (match["ordinal"] or match["tail"] in ("st", "nd", "rd", "th") or before.endswith("第")):
        dimension = _ORDINAL
    yield Quantity(
        -value if match["minus"] or match["bc"] else value, dimension, factor, match.start(), match.end()
    )


def _is_word(match: re.Match[str], before: str) -> bool:
    """Whether a Chinese numeral is part of a word and counts nothing."""
    if _NO_NUMERAL.match(match.string, match.start()):
        return True
    whole = match.string.startswith("分之", match.end("zh"))
    return _NO_COUNT.fullmatch(match["zh"]) is not None and before != "分之" and not whole


def _value(match: re.Match[str]) -> Decimal | None:
    value: Decimal | int | None
    if match["digits"]:
        value = numerals.digits(match["digits"])
        value = value and value * numerals.scale(match["zhscale"] or "")
    elif match["zh"]:
        value = numerals.chinese(match["zh"])
    elif part := match["part"] or match["onepart"]:
        value = Decimal(numerals.english(match["parts"] or "one") or 0) / _PARTS[part]
    elif match["ordinal"]:
        value = _ORDINALS.index(match["ordinal"]) + 2
    elif match["en"] in _ONE and not match["scale"] and not match["unit"]:
        value = None
    else:
        value = numerals.english(match["en"])
    return None if value is None else Decimal(value) * numerals.SCALES.get(match["scale"] or "", 1)
