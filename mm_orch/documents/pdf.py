"""A PDF document into title and Markdown: its outline tells the headings, its lines are joined to paragraphs."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING, Any

from mm_orch.documents.block import markdown
from mm_orch.documents.characters import letters, typed
from mm_orch.documents.pdf_lines import Headings, pdf_blocks
from mm_orch.errors import FetchError

if TYPE_CHECKING:
    from pypdf import PdfReader

# What pypdf lets through, besides its own errors, on files that are broken in places it trusts.
_STUMBLES = (
    ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError
)  # fmt: skip
_NO_TITLE = re.compile(r"(?i)untitled|\(?anonymous\)?|microsoft word - .*|.*\.(docx?|tex|dvi|indd|pdf|odt|wps)|")
_MOST_TEXT = 50_000_000  # characters
_DEEPEST = 6
_MOST_HEADINGS = 20_000


def read_pdf(data: bytes, url: str) -> tuple[str, str]:
    """``(title, Markdown)``; the title is empty where the document names none.

    Raises ``FetchError`` for one that is damaged, needs a password, or holds pictures of pages and no text. What a
    hostile file can cost is bounded by the process that this runs in.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        _unlock(reader, url)
        pages = _pages(reader, url)
        headings = _headings(reader, len(pages))
        title = str((reader.metadata and reader.metadata.title) or "").strip()
    except (PyPdfError, *_STUMBLES) as error:
        raise FetchError("pdf_damaged", url=url, error=str(error)) from error
    if not any(character.isalnum() for page in pages for character in page):
        raise FetchError("pdf_scanned", url=url)
    return "" if _NO_TITLE.fullmatch(title) else title, markdown(pdf_blocks(pages, headings))


def _unlock(reader: PdfReader, url: str) -> None:
    """Many documents are encrypted with an empty password, to forbid printing; those can be read."""
    from pypdf.errors import DependencyError

    if not reader.is_encrypted:
        return
    try:
        opened = bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):
        opened = False
    if not opened:
        raise FetchError("pdf_encrypted", url=url)


def _pages(reader: PdfReader, url: str) -> list[str]:
    pages: list[str] = []
    left = _MOST_TEXT
    for page in reader.pages:
        pages.append(page.extract_text())
        left -= len(pages[-1])
        if left < 0:
            raise FetchError("pdf_too_long", url=url, most=_MOST_TEXT)
    return pages


def _headings(reader: PdfReader, pages: int) -> list[Headings]:
    """For each page the headings that the document's outline (its bookmarks) puts there."""
    found: list[Headings] = [{} for _ in range(pages)]
    stack: list[tuple[Any, int]] = [(entry, 1) for entry in reversed(_outline(reader))]
    for _ in range(_MOST_HEADINGS):
        if not stack:
            break
        entry, level = stack.pop()
        if isinstance(entry, list):
            stack += [(inner, level + 1) for inner in reversed(entry)]
            continue
        number = reader.get_destination_page_number(entry)
        if number is not None and 0 <= number < pages:
            found[number][letters(typed(str(entry.title)))] = min(level, _DEEPEST)
    return found


def _outline(reader: PdfReader) -> list[Any]:
    """The bookmarks; a broken outline is no reason to refuse the text."""
    try:
        return list(reader.outline)
    except Exception:
        return []
