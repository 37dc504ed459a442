"""A PDF document into title and text, its lines joined to paragraphs again."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

from mm_orch.documents.pdf_lines import paragraphs
from mm_orch.errors import FetchError

if TYPE_CHECKING:
    from pypdf import PdfReader

_DAMAGED = "Open it in another program and save it again"


def read_pdf(data: bytes, url: str) -> tuple[str, str]:
    """``(title, text)``; the title is empty where the document names none.

    Raises ``FetchError`` for one that is damaged, needs a password, or holds pictures of pages and no text. What a
    hostile file can cost is bounded by the process that this runs in.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(data))
        _unlock(reader, url)
        pages = [page.extract_text() for page in reader.pages]
        title = str((reader.metadata and reader.metadata.title) or "").strip()
    except FetchError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise FetchError(f"{url!r} is a damaged PDF document: {error}", hint=_DAMAGED) from error
    if not any(character.isalnum() for page in pages for character in page):
        raise FetchError(f"{url!r} has no text layer", hint="It is a scan; run OCR on it first")
    return title, paragraphs(pages)


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
        raise FetchError(f"{url!r} is encrypted", hint="Save it without a password first")
