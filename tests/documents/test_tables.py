"""Tables of data, read within their page."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from mm_orch.documents.tables import inline, is_table_of_data
from mm_orch.documents.visible_text import blocks


def _texts(body: str) -> list[str]:
    return [block.text for block in blocks(_tree(body))]


def _tree(body: str) -> Any:
    return html.document_fromstring(f"<html><head><title>t</title></head><body>{body}</body></html>")


def test_cells_of_a_row_stand_on_one_line() -> None:
    assert _texts("<table><tr><th>a<th>b</tr><tr><td>1<td>2</tr></table>") == [
        "| a | b |",
        "| --- | --- |",
        "| 1 | 2 |",
    ]


def test_a_first_row_of_names_is_followed_by_dashes_and_a_bar_in_a_cell_is_marked() -> None:
    page = "<table><caption>Kinds</caption><thead><tr><th>a<th>b</thead><tr><td>x|y<td><p>1</p><p>2</p></table>"
    assert _texts(page) == ["Kinds", "| a | b |", "| --- | --- |", "| x\\|y | 1 2 |"]


def test_cells_that_reach_over_rows_and_columns_are_put_where_they_stand() -> None:
    page = "<table><tr><td rowspan=2>green<td>2<td>min<tr><td colspan=2>no<tr><td>a<td>b<td>c</table>"
    assert _texts(page) == ["| green | 2 | min |", "| green | no |  |", "| a | b | c |"]


def test_a_span_beyond_reason_makes_no_endless_row() -> None:
    (row,) = _texts("<table><tr><td colspan=999999>a<td rowspan=-1>b<td colspan=x>c</table>")
    assert row.count("|") == 53


def test_a_table_that_lays_out_a_page_is_read_as_a_page() -> None:
    page = "<table><tr><td><h2>Left</h2><p>one</p><td><table><tr><td>a<td>b</table></table>"
    assert [(block.kind, block.text) for block in blocks(_tree(page))] == [
        ("heading", "Left"),
        ("paragraph", "one"),
        ("row", "| a | b |"),
    ]


@pytest.mark.parametrize(
    ("table", "is_data"),
    [
        ("<table><tr><td>a<td>b</table>", True),
        ("<table><tr><td>a</table>", False),
        ("<table role=presentation><tr><td>a<td>b</table>", False),
        ("<table><tr><td><pre>a</pre><td>b</table>", False),
        (f"<table><tr><td>{'long ' * 300}<td>b</table>", False),
        ("<p>a</p>", False),
    ],
)
def test_a_table_of_data_has_rows_of_several_short_cells(table: str, is_data: bool) -> None:
    assert is_table_of_data(html.fragment_fromstring(table)) is is_data


def test_a_cell_stands_on_one_line_and_its_links_are_counted() -> None:
    assert inline(html.fragment_fromstring("<td>see <a href=x>the\n  page</a><p>now</p></td>")) == (
        "see the page now",
        10,
    )
