"""EPUB books."""

from __future__ import annotations

import pytest

from mm_orch.documents.epub import read_epub
from mm_orch.errors import FetchError
from tests.fixtures.documents import archive, epub

_URL = "/books/a.epub"


def _chapter(title: str, text: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title>'
        f"</head><body><h1>{title}</h1><p>{text}</p></body></html>"
    )


def test_chapters_are_read_in_the_order_of_the_spine() -> None:
    chapters = {"b.xhtml": _chapter("第一章", "绿茶"), "a 1.xhtml": _chapter("第二章", "红茶")}
    assert read_epub(epub(chapters, title="茶 &amp; 水"), _URL) == (
        "茶 & 水",
        "# 第一章\n\n绿茶\n\n# 第二章\n\n红茶",
    )


def test_the_contents_page_and_hidden_text_are_left_out() -> None:
    navigation = "<html><body><nav><ol><li><a href='a'>One</a></li></ol></nav></body></html>"
    hidden = _chapter("One", "words</p><p style='display:none'>SECRET")
    assert read_epub(epub({"nav.xhtml": navigation, "a.xhtml": hidden}), _URL)[1] == "# One\n\nwords"


def test_a_protected_book_says_so() -> None:
    listed = b'<encryption><CipherReference URI="OPS/text/a.xhtml"/></encryption>'
    book = epub({"a.xhtml": _chapter("One", "words")}, extra={"META-INF/encryption.xml": listed})
    with pytest.raises(FetchError, match="protected against copying"):
        read_epub(book, _URL)


def test_a_book_whose_fonts_alone_are_scrambled_is_read() -> None:
    listed = b'<encryption><CipherReference URI="OPS/fonts/a.otf"/></encryption>'
    book = epub({"a.xhtml": _chapter("One", "words")}, extra={"META-INF/encryption.xml": listed})
    assert "words" in read_epub(book, _URL)[1]


def test_a_chapter_that_is_missing_is_passed_over() -> None:
    book = archive(
        {
            "META-INF/container.xml": b'<container><rootfile full-path="b.opf"/></container>',
            "b.opf": b'<package><manifest><item id="a" href="../a.xhtml"/><item id="b" href="b.xhtml"/></manifest>'
            b'<spine><itemref idref="a"/><itemref idref="b"/><itemref idref="c"/></spine></package>',
            "b.xhtml": _chapter("One", "words").encode(),
        }
    )
    assert read_epub(book, _URL)[1] == "# One\n\nwords"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x05\x06",
        archive({"a": b"b"}),
        archive({"META-INF/container.xml": b"<container/>"}),
        archive({"META-INF/container.xml": b"<rootfile"}),
        archive({"META-INF/container.xml": b'<container><rootfile full-path="none.opf"/></container>'}),
    ],
)
def test_a_damaged_book_says_so(data: bytes) -> None:
    with pytest.raises(FetchError, match="is a damaged EPUB book"):
        read_epub(data, _URL)


def test_a_bomb_is_refused() -> None:
    with pytest.raises(FetchError, match="unpacks to far more than a EPUB book"):
        read_epub(epub({"a.xhtml": "<p>" + " " * 50_000_000}), _URL)
