"""What kind of document bytes are: the declared type, and what the first bytes say where none is declared."""

from __future__ import annotations

import re

from mm_orch.errors import UnsupportedMedia

HTML = ("text/html", "application/xhtml+xml")
_UNKNOWN = ("", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/unknown")
_TEXT = ("application/json", "application/xml", "application/yaml", "application/x-yaml", "application/toml")
_NAMES = {"application/pdf": "a PDF document", "application/zip": "an archive", "application/gzip": "an archive"}
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml", b"<!--", b"<title", b"<meta", b"<script")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([^\s;"',]+)""", re.IGNORECASE)
_STRAY_ZEROS = 0.1  # share of NUL bytes that a document declared as text may have
_SNIFFED = 1024  # bytes


def parse(content_type: str) -> tuple[str, str | None]:
    """``Content-Type`` as a lower-case media type (empty where there is none) and the charset it names."""
    media_type, _, parameters = content_type.partition(";")
    charset = _CHARSET.search(parameters)
    return media_type.strip().lower(), charset[1].lower() if charset else None


def is_readable(media_type: str) -> bool:
    """Whether a document of that type can be turned into text; an unknown type may be, its bytes decide."""
    return (
        media_type in _UNKNOWN
        or media_type in _TEXT
        or media_type.startswith("text/")
        or media_type.endswith(("+json", "+xml"))
    )


def refuse(media_type: str, url: str) -> UnsupportedMedia:
    """The error for a document that cannot be read."""
    family = media_type.partition("/")[0]
    what = _NAMES.get(media_type) or {"image": "an image", "audio": "a sound", "video": "a video"}.get(family)
    return UnsupportedMedia(
        f"{url!r} is {what or 'not a text document'} ({media_type or 'unknown type'})",
        hint="MuAI reads HTML, plain text, Markdown and JSON; choose another page",
    )


def settle(media_type: str, data: bytes, url: str) -> str:
    """The type to read ``data`` as: the declared one, unless there is none or the bytes are plainly another.

    Raises ``UnsupportedMedia`` for bytes that are no text.
    """
    if not is_readable(media_type):
        raise refuse(media_type, url)
    head = data[:_SNIFFED]
    for magic, binary in _MAGIC:
        if head.startswith(magic):
            raise refuse(binary, url)
    zeros = 0 if head.startswith(_BOMS) else head.count(0)
    if zeros > (0 if media_type in _UNKNOWN else len(head) * _STRAY_ZEROS):
        raise refuse("application/octet-stream", url)
    if media_type in _UNKNOWN:
        return "text/html" if head.lstrip().lower().startswith(_HTML_STARTS) else "text/plain"
    return media_type
