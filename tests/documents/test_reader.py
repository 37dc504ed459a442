"""Bytes into a page."""

from __future__ import annotations

import pytest

from mm_orch.documents.reader import read_document
from mm_orch.errors import FetchError, UnsupportedMedia
from tests.fixtures.site import PAGES

_URL = "http://site.test/a"


def test_an_html_page_in_gbk_is_read() -> None:
    page = read_document(PAGES["/zh/photosynthesis"].html.encode("gbk"), "text/html", _URL, None)
    assert (page.url, page.media_type) == (_URL, "text/html")
    assert page.title == "光合作用 - 开放读本"
    assert "梅尔文·卡尔文因阐明二氧化碳的同化途径" in page.text


def test_plain_text_is_kept_and_named_after_its_first_words() -> None:
    page = read_document("\n# 茶 #\n\n绿茶".encode(), "text/markdown", _URL)
    assert (page.title, page.text) == ("茶", "# 茶 #\n\n绿茶")


def test_json_is_written_with_readable_characters() -> None:
    page = read_document(b'{"a": "\\u8336"}', "application/json", _URL)
    assert '"a": "茶"' in page.text


def test_broken_json_is_read_as_it_stands() -> None:
    assert read_document(b'{"a": ', "application/json", _URL).text == '{"a":'


def test_a_page_without_text_says_so() -> None:
    with pytest.raises(FetchError, match=r"'http://site\.test/a' shows no text"):
        read_document(b"<html><script>render()</script></html>", "text/html", _URL)


def test_an_image_is_refused() -> None:
    with pytest.raises(UnsupportedMedia):
        read_document(b"GIF89a", "", _URL)
