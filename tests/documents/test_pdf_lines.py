"""Lines of PDF pages as paragraphs, without a PDF."""

from __future__ import annotations

import pytest

from mm_orch.documents.pdf_lines import Headings, pdf_blocks


def texts(*pages: str, headings: Headings | None = None) -> list[str]:
    found = pdf_blocks(pages, [headings or {} for _ in pages])
    return [f"{'#' * block.level} {block.text}".strip() for block in found]


def test_a_full_line_goes_on_and_a_short_one_ends_its_paragraph() -> None:
    page = "Tea is a drink that is made of leaves\nwhich are steeped in hot water for long."
    page += "\nIt is old.\nNew things follow."
    assert texts(page) == [
        "Tea is a drink that is made of leaves which are steeped in hot water for long. It is old.",
        "New things follow.",
    ]


def test_a_heading_of_the_outline_is_found_however_it_is_spaced() -> None:
    assert texts("1  Tea\nTea is a drink.", headings={"1Tea": 2}) == ["## 1 Tea", "Tea is a drink."]


@pytest.mark.parametrize("mark", ["- ", "• ", "2. ", "（二）", "第二章 "])
def test_an_item_begins_a_paragraph(mark: str) -> None:
    assert texts(f"the first of all the items,\n{mark}the second of all,") == [
        f"the first of all the items,\n{mark}the second of all,"
    ]


def test_spaces_that_justify_chinese_are_closed_up() -> None:
    assert texts("绿 茶 是 不 发 酵 的 茶 。") == ["绿茶是不发酵的茶。"]
    assert texts("绿茶 是不发酵的茶。") == ["绿茶 是不发酵的茶。"]


def test_leaders_of_a_list_of_contents_are_one_mark() -> None:
    assert texts("Tea . . . . . . . . 12") == ["Tea … 12"]


def test_two_pages_have_no_running_lines() -> None:
    assert texts("The Book\nAnd so on.", "The Book\nAnd so forth.")[0].startswith("The Book")


def test_no_page_is_no_text() -> None:
    assert texts() == texts("") == []
