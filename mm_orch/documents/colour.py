"""Colours of style rules, as far as it takes to see that text has the colour of what is behind it."""

from __future__ import annotations

import re

# Of the named colours those that text and backgrounds of pages have.
_NAMED = {
    "black": "#000", "blue": "#00f", "ghostwhite": "#f8f8ff", "gray": "#808080", "green": "#008000",
    "grey": "#808080", "ivory": "#fffff0", "lime": "#0f0", "red": "#f00", "snow": "#fffafa", "transparent": "#0000",
    "white": "#fff", "whitesmoke": "#f5f5f5", "yellow": "#ff0",
}  # fmt: skip
_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+)(%?))?\s*\)")
_NEAR = 8  # of 255 in every part: no eye tells them apart
_UNSEEN = 0.05  # opacity

_Colour = tuple[int, int, int, float]


def rgba(text: str) -> _Colour | None:
    """Red, green, blue of 255 and the opacity, None for what is not understood."""
    text = text.strip().lower()
    text = _NAMED.get(text, text)
    if found := _RGB.fullmatch(text):
        opacity = float(found[4]) / (100 if found[5] else 1) if found[4] else 1.0
        return int(found[1]), int(found[2]), int(found[3]), opacity
    if found := _HEX.fullmatch(text):
        digits = found[1] if len(found[1]) > 4 else "".join(digit * 2 for digit in found[1])
        red, green, blue = (int(digits[start : start + 2], 16) for start in (0, 2, 4))
        return red, green, blue, int(digits[6:8], 16) / 255 if len(digits) == 8 else 1.0
    first, _, rest = text.partition(" ")
    return rgba(first) if rest and "url(" not in rest and "gradient(" not in rest else None


def same(text: str, background: str) -> bool:
    """Whether text of the one colour cannot be seen on the other; colours that are not understood can."""
    front, back = rgba(text) if text else None, rgba(background)
    if front is None:
        return False
    if front[3] < _UNSEEN:
        return True
    return back is not None and all(abs(a - b) <= _NEAR for a, b in zip(front[:3], back[:3], strict=True))


def is_background(value: str) -> bool:
    """Whether a ``background`` paints over what is behind it; a picture or a gradient may, so it does."""
    if value in ("none", "inherit", "initial", "unset", "0", "0 0"):
        return False
    colour = rgba(value)
    return colour is None or colour[3] >= _UNSEEN
