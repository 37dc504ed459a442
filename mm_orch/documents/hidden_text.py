"""Takes out of an HTML tree what a browser would not show: hidden text is how a page speaks to a model alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from mm_orch.documents.colour import is_background, same
from mm_orch.documents.stylesheet import Style, Stylesheet

_ROOTS = frozenset(("html", "body"))
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|ex|ch|vw|vh|%|cm|mm|in|)")
_OFF_SCREEN = -400.0  # pixels or so, to the left or above
_FAR_OFF = 2000.0  # pixels, to the right or below
_PIXELS = {"em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 12.0, "vh": 8.0, "%": 10.0, "pt": 1.33, "in": 96.0}
_NO_SIZE = 1.0  # pixels, at or under which nothing can be read
_NOTHING_LEFT = re.compile(
    r"rect\((0|0px|1px)([,\s]+(0|0px|1px)){3}\)|inset\((50|100)%|circle\(0|polygon\(0\s+0\s*,\s*0\s+0"
)
_MOVED = re.compile(r"translate[xy]?\(([^)]*)\)")
_SHRUNK = re.compile(r"scale[xy]?\(\s*0?\.?0*\s*[,)]")
_CLASSES = frozenset(["sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only"])
_CLASSES_UNLESS_WIDE = frozenset(("d-none", "hidden"))  # shown again by d-md-block, md:block and the like


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What an element hands down to what it holds."""

    visible: bool = True
    font_size: float = 16.0  # pixels
    colour: str = ""
    background: str = ""  # empty: not known, taken for white

    @property
    def is_read(self) -> bool:
        """Whether text of its own can be seen."""
        return self.visible and self.font_size > _NO_SIZE and not same(self.colour, self.background or "#fff")


def remove_hidden(tree: Any) -> None:
    """Take out of ``tree``, in place, what a browser would not show by the document's own marks and style rules.

    Colours count as hidden where text and background are the same by what the page itself says.
    """
    sheet = Stylesheet(tree)
    stack: list[tuple[Any, _Inherited]] = [(tree, _Inherited())]
    dropped: list[Any] = []
    while stack:
        element, inherited = stack.pop()
        if not isinstance(element.tag, str):
            continue
        style = sheet.style(element)
        if _is_gone(element, style):
            dropped.append(element)
            continue
        own = _handed_down(element, style, inherited)
        if not own.is_read:
            element.text = None
        for child in element:
            if not own.is_read:
                child.tail = None
            stack.append((child, own))
    for element in dropped:
        if element.getparent() is not None:
            element.drop_tree()


def _is_gone(element: Any, style: Style) -> bool:
    """Whether neither the element nor anything in it is shown."""
    if element.tag in _ROOTS:
        return False  # pages that hide themselves until their scripts have run
    if element.get("hidden") is not None or (element.get("aria-hidden") or "").lower() == "true":
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    if _has_hidden_class(element.get("class") or ""):
        return True
    return bool(style) and (
        "none" in (style.get("display"), style.get("content-visibility", "").replace("hidden", "none"))
        or "opacity(0" in style.get("filter", "").replace("opacity(0.", "")
        or _length(style.get("opacity", "1")) < 0.05
        or _is_off_screen(style)
        or _is_clipped(style)
    )


def _is_off_screen(style: Style) -> bool:
    transform = style.get("transform", "")
    moved = _MOVED.search(transform)
    # A share of an element's own size, as in translate(-50%): that centres it.
    parts = [part for part in (moved[1].split(",") if moved else ()) if "%" not in part]
    parts += [style.get(name, "") for name in ("text-indent", "margin-left", "margin-top")]
    if _SHRUNK.search(transform) or any(_length(part) <= _OFF_SCREEN for part in parts):
        return True
    if style.get("position") not in ("absolute", "fixed", "relative"):
        return False
    sides = [_length(style.get(side, "")) for side in ("left", "top", "right", "bottom")]
    return any(side <= _OFF_SCREEN or side >= _FAR_OFF for side in sides)


def _has_hidden_class(text: str) -> bool:
    classes = frozenset(text.split())
    if classes & _CLASSES:
        return True
    return bool(classes & _CLASSES_UNLESS_WIDE) and not any(
        ":" in name or name.startswith("d-") for name in classes - _CLASSES_UNLESS_WIDE
    )


def _is_clipped(style: Style) -> bool:
    if _NOTHING_LEFT.search(style.get("clip", "") + " " + style.get("clip-path", "")):
        return True
    if "hidden" not in style.get("overflow", "") and style.get("overflow") != "clip":
        return False
    sizes = [style.get(name, "") for name in ("height", "width", "max-height", "max-width")]
    return any(_LENGTH.fullmatch(size) and abs(_length(size)) <= _NO_SIZE for size in sizes)


def _handed_down(element: Any, style: Style, inherited: _Inherited) -> _Inherited:
    colour = style.get("color") or (element.get("color") if element.tag == "font" else None)
    painted = style.get("background-color") or style.get("background") or element.get("bgcolor")
    if style.get("background-image", "none") != "none" or element.get("background"):
        painted = "image"
    if not style and not colour and not painted:
        return inherited
    own = inherited
    if "visibility" in style and element.tag not in _ROOTS:
        own = replace(own, visible=style["visibility"] not in ("hidden", "collapse"))
    if "font-size" in style or "font" in style:
        own = replace(own, font_size=_font_size(style, inherited.font_size))
    if painted and is_background(painted):
        own = replace(own, background=painted)
    return replace(own, colour=colour) if colour and colour != "inherit" else own


def _font_size(style: Style, around: float) -> float:
    words = (style.get("font-size") or style.get("font", "")).replace("/", " ").split()
    lengths = (found for found in map(_LENGTH.fullmatch, words) if found and (found[2] or float(found[1]) == 0))
    found = next(lengths, None)
    if found is None:
        return 16.0
    number, unit = float(found[1]), found[2]
    if unit in ("em", "%", "ex", "ch"):
        return around * number / (100 if unit == "%" else 1)
    return number * _PIXELS.get(unit, 1.0)


def _length(text: str) -> float:
    """In pixels or so; 0 for what is no length."""
    found = _LENGTH.match(text.strip())
    return float(found[1]) * _PIXELS.get(found[2], 1.0) if found else 0.0
