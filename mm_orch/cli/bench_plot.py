"""Bars for ``muai bench``: characters for a terminal, an SVG file for elsewhere. Nothing is needed to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

_WIDTH_CHARACTERS = 40
_WIDTH, _BAR, _GAP, _LEFT, _TOP = 640, 28, 14, 110, 64
_FONT = 'font-family="sans-serif"'


def text_bars(rates: Mapping[int, float]) -> list[str]:
    """A line for each number of streams: how fast they are together."""
    most = max(rates.values())
    return [
        f"{count:>4}  {'█' * max(1, round(value / most * _WIDTH_CHARACTERS))} {value:.0f}"
        for count, value in rates.items()
    ]


def svg(title: str, facts: Sequence[str], rates: Mapping[int, float]) -> str:
    """A drawing of the bars under ``title``, with ``facts`` a line each below them."""
    bars = [part for place, (count, value) in enumerate(rates.items()) for part in _bar(place, count, value, rates)]
    below = _TOP + len(rates) * (_BAR + _GAP) + 20
    lines = [_text(20, below + 22 * place, fact) for place, fact in enumerate(facts)]
    height = below + 22 * len(facts)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
            f'viewBox="0 0 {_WIDTH} {height}">',
            f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
            _text(20, 28, title, size=18),
            _text(20, 50, "answers together: tokens per second 同时回答数：每秒 token"),
            *bars,
            *lines,
            "</svg>\n",
        ]
    )


def _bar(place: int, count: int, value: float, rates: Mapping[int, float]) -> list[str]:
    top = _TOP + place * (_BAR + _GAP)
    width = value / max(rates.values()) * (_WIDTH - _LEFT - 90)
    middle = top + _BAR - 9
    return [
        _text(_LEFT - 50, middle, f"{count}"),
        f'<rect x="{_LEFT}" y="{top}" width="{width:.1f}" height="{_BAR}" fill="#3b7dd8"/>',
        _text(_LEFT + width + 8, middle, f"{value:.0f}"),
    ]


def _text(x: float, y: float, text: str, size: int = 14) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {_FONT} font-size="{size}" fill="#222">{escape(text)}</text>'
