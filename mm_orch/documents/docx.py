"""A Word document (.docx) into title and Markdown, through mammoth's HTML."""

from __future__ import annotations

from mm_orch.documents.archive import Archive
from mm_orch.documents.html import read_fragment
from mm_orch.documents.word_parts import readable_copy
from mm_orch.errors import FetchError


def read_docx(data: bytes, url: str) -> tuple[str, str]:
    """``(title, Markdown)``; the title is empty where the document names none.

    Raises ``FetchError`` for a document that is damaged, encrypted, or unpacks to too much.
    """
    import mammoth

    copy, title = readable_copy(Archive(data, url, "Word document"), url)
    try:
        html = mammoth.convert_to_html(copy, convert_image=_no_image, style_map=_STYLES).value
    except (KeyError, ValueError, AttributeError, TypeError, IndexError, OSError, RecursionError) as error:
        hint = "Open it in the program that made it and save it again"
        raise FetchError(f"{url!r} is a damaged Word document: {error}", hint=hint) from error
    return title, read_fragment(html)


_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


def _no_image(image: object) -> list[object]:
    return []
