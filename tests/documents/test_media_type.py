"""What kind of document bytes are."""

from __future__ import annotations

import pytest

from mm_orch.documents.media_type import DOCX, EPUB, PDF, is_readable, of_name, parse, settle
from mm_orch.errors import UnsupportedMedia
from tests.fixtures.documents import archive, docx, epub


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


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.PDF", PDF),
        ("folder.d/b.docx", DOCX),
        ("c.tar.epub", EPUB),
        ("README.md", "text/markdown"),
        ("guide.rst", "text/plain"),
        ("page.htm", "text/html"),
        ("Makefile", ""),
        ("picture.png", ""),
        ("", ""),
    ],
)
def test_the_name_of_a_file_tells_its_type(name: str, media_type: str) -> None:
    assert of_name(name) == media_type


@pytest.mark.parametrize("declared", ["", "application/zip", "application/octet-stream", "text/html", DOCX, EPUB])
def test_the_parts_of_an_archive_tell_what_document_it_is(declared: str) -> None:
    assert settle(declared, docx("<w:p/>"), "http://a/x") == DOCX
    assert settle(declared, epub({}), "http://a/x") == EPUB
    with pytest.raises(UnsupportedMedia, match="is an archive"):
        settle(declared, archive({"a": b"b"}), "http://a/x")


def test_markdown_that_is_served_as_plain_text_is_known_by_its_address() -> None:
    assert settle("text/plain", b"# Tea", "http://a/README.md?raw=1") == "text/markdown"
    assert settle("text/plain", b"# Tea", "http://a/tea.txt") == "text/plain"


def test_utf16_without_its_mark_is_text() -> None:
    assert settle("", ("<html><p>words</p></html>" * 4).encode("utf-16-le"), "http://a/x") == "text/html"


def test_a_damaged_document_is_still_the_document_that_was_declared() -> None:
    assert settle(DOCX, docx("<w:p/>")[:300], "http://a/x") == DOCX


def test_a_refusal_names_what_is_read() -> None:
    with pytest.raises(UnsupportedMedia, match="HTML, Markdown, plain text, JSON, PDF, DOCX and EPUB"):
        settle("image/png", b"", "http://a/x")
