"""Addresses in what a person wrote."""

from __future__ import annotations

import pytest

from mm_orch.language.addresses import TYPED_WITHIN, web_addresses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What does https://example.com/a say?", ["https://example.com/a"]),
        ("See https://example.com/a, then (http://b.test/c).", ["https://example.com/a", "http://b.test/c"]),
        ("https://en.wikipedia.org/wiki/Tea_(drink) and more", ["https://en.wikipedia.org/wiki/Tea_(drink)"]),
        ("总结https://example.com/a的内容", ["https://example.com/a"]),
        ("请看《https://example.com/a》。", ["https://example.com/a"]),
        ("https://zh.wikipedia.org/wiki/茶 讲了什么？", ["https://zh.wikipedia.org/wiki/茶"]),
        ("https://a.test/?q=茶，然后", ["https://a.test/?q=茶"]),
        ("HTTPS://A.test/x HTTPS://A.test/x", ["HTTPS://A.test/x"]),
        ("**https://a.test/x**", ["https://a.test/x"]),
        ("example.com, ftp://a.test, https:// and no more", []),
        ("", []),
    ],
)
def test_addresses_are_found_without_the_punctuation_around_them(text: str, found: list[str]) -> None:
    assert list(web_addresses(text)) == found


def test_links_of_a_pasted_document_were_typed_by_nobody() -> None:
    link = "https://example.com/a "
    assert web_addresses(link + "x" * (TYPED_WITHIN - len(link)))
    assert web_addresses(link + "x" * TYPED_WITHIN) == ()
