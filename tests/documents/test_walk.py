"""What of an HTML tree is text of the document."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from mm_orch.documents.visible_text import blocks
from mm_orch.documents.walk import number, walk


def _texts(body: str) -> list[str]:
    return [block.text for block in blocks(_tree(body))]


def _tree(body: str) -> Any:
    return html.document_fromstring(f"<html><head><title>t</title></head><body>{body}</body></html>")


def test_marks_of_footnotes_are_left_out_and_powers_are_kept() -> None:
    page = "<p>10<sup>6</sup> cells<sup><a href='#n'>[12]</a></sup>, the 1<sup>st</sup> of CO<sub>2</sub></p>"
    assert _texts(page) == ["10^6 cells, the 1st of CO2"]


def test_readings_above_characters_are_left_out() -> None:
    assert _texts("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>を</p>") == ["漢字を"]


def test_texts_of_pictures_and_titles_are_left_out() -> None:
    assert _texts("<p title='SECRET'>a<img alt='SECRET' title='SECRET'> <abbr title='SECRET'>b</abbr></p>") == [
        "a b"
    ]


def test_comments_and_templates_are_left_out() -> None:
    assert _texts("<p>a<!-- SECRET -->b</p><template><p>SECRET</p></template><noscript>SECRET</noscript>") == ["ab"]


def test_elements_begin_and_end_around_their_texts() -> None:
    told = [
        (event, element.tag, text) for event, element, text in walk(html.fragment_fromstring("<p>a<b>b</b>c</p>"))
    ]
    assert told == [
        ("start", "p", ""), ("text", "p", "a"), ("start", "b", ""), ("text", "b", "b"), ("end", "b", ""),
        ("text", "b", "c"), ("end", "p", ""),
    ]  # fmt: skip


def test_an_element_that_is_taken_whole_comes_alone() -> None:
    tree = html.fragment_fromstring("<div>a<table><tr><td>b</table>c</div>")
    told = [
        (event, element.tag, text) for event, element, text in walk(tree, lambda element: element.tag == "table")
    ]
    assert told[2:4] == [("whole", "table", ""), ("text", "table", "c")]


@pytest.mark.parametrize(
    ("text", "expected"), [("3", 3), (" 12 ", 12), (None, 1), ("x", 1), ("-2", 1), ("9" * 9, 1)]
)
def test_a_number_is_read_within_reason(text: str | None, expected: int) -> None:
    assert number(text, 1) == expected
