"""What kind of document bytes are: the declared type, and what the first bytes say where none is declared."""

from __future__ import annotations

import io
import re
import zipfile

from mm_orch.documents import charset_guess
from mm_orch.errors import UnsupportedMedia
from mm_orch.words import Sentence

HTML = ("text/html", "application/xhtml+xml")
MARKDOWN = "text/markdown"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EPUB = "application/epub+zip"
BINARY = (PDF, DOCX, EPUB)
_UNKNOWN = ("", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/unknown")
_TEXT = ("application/json", "application/xml", "application/yaml", "application/x-yaml", "application/toml")
_SYNONYMS = {
    "application/x-pdf": PDF,
    "text/x-markdown": MARKDOWN,
    "application/markdown": MARKDOWN,
    "application/x-zip-compressed": "application/zip",
}
_OLD_OFFICE = "application/x-ole-storage"
_NAMES = {
    "application/zip": "archive",
    "application/gzip": "archive",
    "application/msword": "old_word",
    _OLD_OFFICE: "old_office",
}
_MAGIC = (
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_OFFICE),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)
_OF_NAMES = {
    "html": HTML[0],
    "htm": HTML[0],
    "xhtml": HTML[1],
    "md": MARKDOWN,
    "markdown": MARKDOWN,
    "mdown": MARKDOWN,
    "txt": "text/plain",
    "text": "text/plain",
    "rst": "text/plain",
    "ts": "text/plain",  # TypeScript, not a film
    "json": "application/json",
    "pdf": PDF,
    "docx": DOCX,
    "epub": EPUB,
}
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


def of_name(name: str) -> str:
    """The media type that the extension of a file's name stands for, empty for one that is not known to be read."""
    return _OF_NAMES.get(name.rpartition(".")[2].lower(), "") if "." in name else ""


def is_readable(media_type: str) -> bool:
    """Whether a document of that type can be turned into text; an unknown type may be, its bytes decide."""
    media_type = _SYNONYMS.get(media_type, media_type)
    return (
        media_type in _UNKNOWN
        or media_type in _TEXT
        or media_type in BINARY
        or media_type == "application/zip"
        or media_type.startswith("text/")
        or media_type.endswith(("+json", "+xml"))
    )


def refuse(media_type: str, url: str) -> UnsupportedMedia:
    """The error for a document that cannot be read."""
    family = media_type.partition("/")[0]
    what = _NAMES.get(media_type) or (family if family in ("image", "audio", "video") else "no_text")
    return UnsupportedMedia(
        "not_text", url=url, what=Sentence(f"kind.{what}"), type=media_type or Sentence("kind.unknown_type")
    )


def settle(media_type: str, data: bytes, url: str) -> str:
    """The type to read ``data`` as: the declared one, unless there is none or the bytes are plainly another.

    Raises ``UnsupportedMedia`` for bytes that are of no kind that is read.
    """
    media_type = _SYNONYMS.get(media_type, media_type)
    if not is_readable(media_type):
        raise refuse(media_type, url)
    head = data[:_SNIFFED]
    if b"%PDF-" in head and (media_type in BINARY or head.lstrip().startswith(b"%PDF-")):
        return PDF
    for magic, binary in _MAGIC:
        if head.startswith(magic):
            return _of_archive(data, media_type, url) if binary == "application/zip" else _refused(binary, url)
    if media_type in BINARY:
        return media_type
    zeros = 0 if head.startswith(_BOMS) or charset_guess.by_marks(head) else head.count(0)
    if zeros > (0 if media_type in _UNKNOWN else len(head) * _STRAY_ZEROS):
        raise refuse("application/octet-stream", url)
    if media_type == "text/plain" and of_name(url.partition("?")[0]) == MARKDOWN:
        return MARKDOWN  # as repositories of code serve it
    if media_type in _UNKNOWN:
        start = head.lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n\0").replace(b"\0", b"").lower()
        return "text/html" if start.startswith(_HTML_STARTS) else "text/plain"
    return media_type


def _refused(media_type: str, url: str) -> str:
    raise refuse(media_type, url)


def _of_archive(data: bytes, declared: str, url: str) -> str:
    """Word documents and books are archives, too: their parts tell, or what was declared of a damaged one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        if declared in (DOCX, EPUB):
            return declared
        names = frozenset()
    if "word/document.xml" in names:
        return DOCX
    if "META-INF/container.xml" in names:
        return EPUB
    raise refuse("application/zip", url)
