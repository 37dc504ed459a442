"""What a browser would show."""

from __future__ import annotations

from typing import Any

from lxml import html

from mm_orch.documents.visible_text import blocks


def _tree(body: str) -> Any:
    return html.document_fromstring(f"<html><head><title>t</title></head><body>{body}</body></html>")


def _texts(body: str) -> list[str]:
    return [block.text for block in blocks(_tree(body))]


def test_each_block_is_one_text_with_its_spaces_collapsed() -> None:
    assert _texts("<h1>A  <b>bold</b>\n title</h1><p>Text</p> and a tail") == ["A bold title", "Text", "and a tail"]


def test_scripts_and_forms_are_left_out() -> None:
    assert _texts("<script>x()</script><p>words<button>Go</button></p><style>p{}</style><select><option>a") == [
        "words"
    ]


def test_what_stands_in_navigation_and_footers_is_marked() -> None:
    found = blocks(_tree("<nav>menu</nav><p>words</p><footer><p>end</p></footer><aside>ad</aside>"))
    assert [(block.text, block.around) for block in found] == [
        ("menu", True),
        ("words", False),
        ("end", True),
        ("ad", True),
    ]


def test_code_keeps_its_lines_and_indents() -> None:
    assert _texts("<pre>def f():\n    return 1\n</pre>") == ["def f():\n    return 1"]


def test_a_line_break_breaks_the_line() -> None:
    assert _texts("<p>one<br>two</p>") == ["one\ntwo"]


def test_cells_of_a_row_stand_on_one_line() -> None:
    assert _texts("<table><tr><th>a<th>b</tr><tr><td>1<td>2</tr></table>") == [
        "| a | b |",
        "| --- | --- |",
        "| 1 | 2 |",
    ]


def test_the_share_of_links_is_told() -> None:
    found = blocks(_tree('<p><a href="/">all of it</a></p><p>none of it</p>'))
    assert [block.links for block in found] == [1.0, 0.0]


def test_a_deep_page_is_walked_without_recursion() -> None:
    tree = current = html.Element("body")
    for _ in range(5000):
        child = html.Element("div")
        current.append(child)
        current = child
    current.text = "deep"
    assert [block.text for block in blocks(tree)] == ["deep"]
