"""A document that was read: its readable text and where it came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """``url`` is the address after redirects.

    ``text`` is Markdown as far as the document says so: headings as ``#`` lines, tables as ``|`` rows, code between
    fences, paragraphs between blank lines; plain text as it is. ``warnings`` are what its reader should know, each
    with the page's address: it was cut, it is of another day.
    """

    url: str
    title: str
    text: str
    media_type: str = "text/html"
    warnings: tuple[str, ...] = ()
