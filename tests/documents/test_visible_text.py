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


def test_code_beside_its_line_numbers_is_read_without_them() -> None:
    page = "<table><tr><td><pre>1\n2\n</pre><td class=code><pre>a = 1\nb = 2</pre></table>"
    assert _texts(page) == ["a = 1\nb = 2"]


def test_code_names_its_language_and_lines_in_elements_of_their_own_stay_lines() -> None:
    page = "<pre><code class='language-python'><div>def f():</div><div>  return 1</div></code></pre>"
    (block,) = blocks(_tree(page))
    assert (block.kind, block.text, block.mark) == ("code", "def f():\n  return 1", "python")


def test_lists_keep_their_numbers_and_depth() -> None:
    page = "<ol start=3><li>a<li><p>b</p><p>more</p><ul><li>c</ul></ol><dl><dt>t<dd>d</dl>"
    found = [(block.kind, block.level, block.mark, block.text) for block in blocks(_tree(page))]
    assert found == [
        ("item", 1, "3. ", "a"),
        ("item", 1, "4. ", "b"),
        ("paragraph", 1, "", "more"),
        ("item", 2, "- ", "c"),
        ("item", 1, "- ", "t"),
        ("paragraph", 1, "", "d"),
    ]


def test_headings_have_their_level_and_no_anchor_mark() -> None:
    (block,) = blocks(_tree("<h3>Tea <a href='#tea'>¶</a><span class='mw-editsection'>[edit]</span></h3>"))
    assert (block.kind, block.level, block.text) == ("heading", 3, "Tea")


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


def test_a_note_in_an_aside_belongs_to_the_text() -> None:
    found = blocks(_tree("<aside class='admonition note'><p>Mind this.</p></aside><aside>ad</aside>"))
    assert [block.around for block in found] == [False, True]


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
