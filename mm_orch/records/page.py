"""A document that was read: its readable text and where it came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """``url`` is the address after redirects, ``text`` plain text with newlines between blocks."""

    url: str
    title: str
    text: str
    media_type: str = "text/html"
