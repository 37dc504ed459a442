"""A part of a document, small enough to be read, cited and checked by itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """``id`` is the number under which it is cited, from 1, unique in a run; 0 while none was given.

    ``heading`` are the headings above it, outermost first, joined by `` > ``. ``text`` is Markdown, taken as it is
    from ``Page.text`` at character ``start``. ``tokens`` is what ``text`` has for the model that will read it, 0
    while nobody counted.
    """

    id: int
    url: str
    title: str
    heading: str
    text: str
    start: int = 0
    tokens: int = 0
