"""A document that was read: its readable text and where it came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """``url`` is the address after redirects.

    ``text`` is Markdown as far as the document says so: headings as ``#`` lines, tables as ``|`` rows, code between
    fences, paragraphs between blank lines; plain text as it is. ``warnings`` say what a reader of it should know:
    that it was cut, that it comes from a cache.
    """

    url: str
    title: str
    text: str
    media_type: str = "text/html"
    warnings: tuple[str, ...] = ()
