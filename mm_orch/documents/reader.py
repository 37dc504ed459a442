"""Bytes of a document into a ``Page``, by its media type."""

from __future__ import annotations

import json

from mm_orch.documents import media_type as media
from mm_orch.documents.charset import decode
from mm_orch.documents.html import read_html
from mm_orch.errors import FetchError
from mm_orch.records.page import Page


def read_document(data: bytes, media_type: str, url: str, charset: str | None = None) -> Page:
    """The readable text of ``data``; ``charset`` is what the transport declared, if anything.

    An empty ``media_type`` lets the bytes decide. Raises ``UnsupportedMedia`` for what is no text document, and
    ``FetchError`` for a page that shows no text.
    """
    kind = media.settle(media_type, data, url)
    text = decode(data, charset)
    if kind in media.HTML or kind.endswith("xml"):
        title, text = read_html(text, url)
    else:
        is_json = kind.endswith("json")
        title = url if is_json else _first_line(text)
        text = _readable_json(text) if is_json else text
    text = text.replace("\0", "").strip()
    if not text:
        raise FetchError(f"{url!r} shows no text", hint="It may need a browser to build it; choose another page")
    return Page(url, title or url, text, kind)


def _readable_json(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=1)
    except (ValueError, RecursionError):
        return text


_TITLE_LENGTH = 80


def _first_line(text: str) -> str:
    """The first line that says something, without its Markdown marks."""
    lines = (line.strip("#=-* \t") for line in text.splitlines())
    return next((line for line in lines if line), "")[:_TITLE_LENGTH]
