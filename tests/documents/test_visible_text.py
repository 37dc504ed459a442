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
