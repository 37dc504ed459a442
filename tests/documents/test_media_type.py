"""What kind of document bytes are."""

from __future__ import annotations

import pytest

from mm_orch.documents.media_type import is_readable, parse, settle
from mm_orch.errors import UnsupportedMedia


@pytest.mark.parametrize(
    ("header", "parsed"),
    [
        ("text/html; charset=GBK", ("text/html", "gbk")),
        ('Text/HTML;charset="utf-8"', ("text/html", "utf-8")),
        ("text/plain", ("text/plain", None)),
        ("", ("", None)),
        ("  ", ("", None)),
        ("text/html; charset=", ("text/html", None)),
    ],
)
def test_a_content_type_is_split(header: str, parsed: tuple[str, str | None]) -> None:
    assert parse(header) == parsed


@pytest.mark.parametrize(
    "media_type", ["text/html", "text/markdown", "application/ld+json", "application/xhtml+xml", ""]
)
def test_text_is_readable(media_type: str) -> None:
    assert is_readable(media_type)


@pytest.mark.parametrize("media_type", ["application/msword", "image/png", "video/mp4", "application/gzip"])
def test_other_documents_are_not(media_type: str) -> None:
    assert not is_readable(media_type)


@pytest.mark.parametrize(
    ("declared", "data", "settled"),
    [
        ("", b"  <!DOCTYPE html><p>x", "text/html"),
        ("application/octet-stream", b"just words", "text/plain"),
        ("text/markdown", b"<html>", "text/markdown"),
        ("text/html", b"%PDF-1.7 ...", "application/pdf"),
        ("application/octet-stream", b"\n%PDF-1.7 ...", "application/pdf"),
        ("text/html", "长城".encode("utf-16"), "text/html"),
        ("text/html", b"<p>a stray zero \0 is no reason to refuse a page", "text/html"),
    ],
)
def test_the_bytes_decide_where_nothing_is_declared(declared: str, data: bytes, settled: str) -> None:
    assert settle(declared, data, "http://a/") == settled


@pytest.mark.parametrize(
    ("declared", "data", "what"),
    [
        ("application/msword", b"", "a document of the old Word format"),
        ("application/pdf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of an old Office format"),
        ("", b"PK\x03\x04 and so on", "an archive"),
        ("image/webp", b"RIFF", "an image"),
        ("text/plain", b"a\0b", "not a text document"),
    ],
)
def test_what_is_no_text_is_refused_by_name(declared: str, data: bytes, what: str) -> None:
    with pytest.raises(UnsupportedMedia, match=f"'http://a/x' is {what}"):
        settle(declared, data, "http://a/x")
