"""Bytes of a document into a ``Page``, by its media type."""

from __future__ import annotations

from mm_orch.documents import media_type as media
from mm_orch.documents.characters import seen
from mm_orch.documents.charset import decode
from mm_orch.errors import FetchError
from mm_orch.records.page import Page


def read_document(data: bytes, media_type: str, url: str, charset: str | None = None) -> Page:
    """The readable text of ``data``; ``charset`` is what the transport declared, if anything.

    An empty ``media_type`` lets the bytes decide. Raises ``UnsupportedMedia`` for a kind that is not read, and
    ``FetchError`` for a document that is damaged, locked, or shows no text.
    """
    kind = media.settle(media_type, data, url)
    title, text = (
        _read_binary(data, kind, url) if kind in media.BINARY else _read_text(decode(data, charset), kind, url)
    )
    title, text = " ".join(seen(title).split()), seen(text).strip()
    if not text:
        raise FetchError("no_text", url=url)
    return Page(url, title or url, text, kind)


def _read_binary(data: bytes, kind: str, url: str) -> tuple[str, str]:
    from mm_orch.documents.plain import first_line

    if kind == media.PDF:
        from mm_orch.documents.pdf import read_pdf as read
    elif kind == media.DOCX:
        from mm_orch.documents.docx import read_docx as read
    else:
        from mm_orch.documents.epub import read_epub as read
    title, text = read(data, url)
    return title or first_line(text), text


def _read_text(text: str, kind: str, url: str) -> tuple[str, str]:
    from mm_orch.documents.html import read_html
    from mm_orch.documents.plain import first_line, read_json, read_markdown

    if kind in media.HTML or kind.endswith("xml"):
        return read_html(text, url)
    if kind.endswith("json"):
        return url, read_json(text)
    return read_markdown(text) if kind == media.MARKDOWN else (first_line(text), text)
