"""What a browser does not show is not read."""

from __future__ import annotations

from typing import Any

from lxml import html

from mm_orch.documents.hidden_text import remove_hidden
from mm_orch.documents.visible_text import blocks


def _tree(body: str) -> Any:
    return html.document_fromstring(f"<html><body>{body}</body></html>")


def test_hidden_elements_are_taken_out_and_what_follows_them_stays() -> None:
    tree = _tree('<p hidden>a</p><p style="display: NONE">b</p>tail<p><i style="visibility:hidden">c</i>d</p>')
    remove_hidden(tree)
    assert "".join(tree.itertext()) == "taild"


def test_a_page_that_hides_itself_until_its_script_runs_is_shown() -> None:
    tree = html.document_fromstring('<html><body style="display:none"><p>words</p></body></html>')
    remove_hidden(tree)
    assert [block.text for block in blocks(tree)] == ["words"]
