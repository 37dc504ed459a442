"""Units of measure in English and Chinese: their dimension, and how many of its base unit each is."""

from __future__ import annotations

import re
from decimal import Decimal

# By dimension: names, then how many base units one is. Longer names win.
_UNITS: dict[str, tuple[tuple[str, str], ...]] = {
    "m": (
        ("km kilometre kilometres kilometer kilometers 千米 公里", "1000"),
        ("m metre metres meter meters 米 公尺", "1"),
        ("cm centimetre centimetres centimeter centimeters 厘米 公分", "0.01"),
        ("mm millimetre millimetres millimeter millimeters 毫米", "0.001"),
        ("nm nanometre nanometres nanometer nanometers 纳米", "0.000000001"),
        ("mile miles mi 英里", "1609.344"),
        ("foot feet ft 英尺", "0.3048"),
        ("inch inches 英寸", "0.0254"),
    ),
    "m2": (
        ("km2 km² square-kilometres square-kilometers 平方千米 平方公里", "1000000"),
        ("m2 m² square-metres square-meters 平方米", "1"),
        ("hectare hectares 公顷", "10000"),
    ),
    "g": (
        ("kg kilogram kilograms kilo kilos 千克 公斤", "1000"),
        ("g gram grams 克", "1"),
        ("mg milligram milligrams 毫克", "0.001"),
        ("t tonne tonnes ton tons 吨", "1000000"),
        ("斤", "500"),
        ("lb lbs pound pounds 磅", "453.59237"),
    ),
    "s": (
        ("ms millisecond milliseconds 毫秒", "0.001"),
        ("s sec second seconds 秒 秒钟", "1"),
        ("min minute minutes 分钟", "60"),
        ("h hr hour hours 小时 个小时 钟头", "3600"),
        ("day days 天 日", "86400"),
        ("week weeks 周 星期 个星期", "604800"),
    ),
    "month": (("month months 个月", "1"), ("year years yr yrs 年 岁", "12"), ("century centuries 世纪", "1200")),
    "c": (("°c degrees-celsius celsius 摄氏度 ℃ 度", "1"),),
    "f": (("°f degrees-fahrenheit fahrenheit 华氏度", "1"),),
    "%": (("% percent per-cent percentage-points 个百分点", "1"),),
    "byte": (
        ("b byte bytes 字节", "1"),
        ("kb kib kilobytes", "1000"),
        ("mb mib megabytes", "1000000"),
        ("gb gib gigabytes", "1000000000"),
        ("tb tib terabytes", "1000000000000"),
    ),
    "l": (
        ("l litre litres liter liters 升 公升", "1"),
        ("ml millilitre millilitres 毫升", "0.001"),
        ("m3 m³ cubic-metres cubic-meters 立方米", "1000"),
    ),
    "w": (("w watt watts 瓦", "1"), ("kw kilowatts 千瓦", "1000"), ("mw megawatts 兆瓦", "1000000")),
    "km/h": (("km/h kph 公里/小时", "1"), ("m/s 米/秒", "3.6"), ("mph", "1.609344")),
    "usd": (("usd dollars dollar us$ $ 美元 美金", "1"),),
    "eur": (("eur euros euro € 欧元", "1"),),
    "gbp": (("gbp £ 英镑", "1"),),
    "cny": (("cny rmb yuan ¥ 元 人民币 块", "1"),),
    "token": (("token tokens 词元", "1"),),
    "person": (("people persons inhabitants 人 名 位", "1"),),
}
_BY_NAME = {
    name.replace("-", " "): (dimension, Decimal(factor))
    for dimension, units in _UNITS.items()
    for names, factor in units
    for name in names.split()
}
_PREFIXED = tuple(name for name in _BY_NAME if name in ("$", "us$", "€", "£", "¥", "rmb", "usd"))


def _expression(name: str) -> str:
    return re.escape(name) + (r"(?![a-z\d_²])" if name[-1].isascii() and name[-1].isalpha() else "")


AFTER = "|".join(_expression(name) for name in sorted(_BY_NAME, key=len, reverse=True))
"""A regular expression for a unit that stands behind a number, in folded text."""
BEFORE = "|".join(re.escape(name) for name in sorted(_PREFIXED, key=len, reverse=True))
"""A regular expression for one that stands before it."""


def unit(name: str) -> tuple[str, Decimal]:
    """The dimension of a unit and its size in base units; ``("", 1)`` for what is none."""
    return _BY_NAME.get(" ".join(name.replace("-", " ").split()), ("", Decimal(1)))
