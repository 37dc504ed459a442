"""Style rules of a page."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from mm_orch.documents.hidden_text import remove_hidden
from mm_orch.documents.stylesheet import Stylesheet, declarations


def _left(body: str, head: str) -> str:
    tree: Any = html.document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    remove_hidden(tree)
    return " ".join(tree.body.text_content().split())


@pytest.mark.parametrize(
    ("rules", "attribute"),
    [
        (".x{display:none}", "class='a x'"),
        ("/* a */ p.x , #y { color:red; display : none }", "id='y'"),
        ("@media screen { .x { visibility:hidden } }", "class=x"),
        ("div > p.x{font-size:0}", "class=x"),
        ("body .x{opacity:0}", "class=x"),
        (".x{display:none!important} p.x{display:block}", "class=x"),
        ("p{display:block} .x{display:none} p{display:block}", "class=x"),
        ("body{background:#222}.x{color:#222}", "class=x"),
        ("@import 'a.css'; .x{position:absolute;left:-999em}", "class=x"),
        ("@font-face{font-family:a} .x{display:none}", "class=x"),
        ("@media print{.z{display:block}} .x{display:none}", "class=x"),
        (".x{display:none", "class=x"),
    ],
)
def test_a_rule_of_the_page_hides_text(rules: str, attribute: str) -> None:
    assert _left(f"<div><p {attribute}>SECRET</p></div><p>words</p>", f"<style>{rules}</style>") == "words"


@pytest.mark.parametrize(
    "rules",
    [
        "@media print{.x{display:none}}",
        "@media (max-width: 600px){.x{display:none}}",
        ".js .x{display:none}",
        "body > .x{display:none}",
        ".x:hover{display:none}",
        ".x{display:none} p.x{display:block}",
        ".x{display:none} .x{display:block}",
        ".y .x{display:none}",
        "body{background:#000} .x{color:#fff}",
        "}}} .x{",
        "{{{",
    ],
)
def test_a_rule_for_something_else_does_not(rules: str) -> None:
    assert _left("<div><p class=x>words</p></div>", f"<style>{rules}</style>") == "words"


def test_declarations_are_those_that_can_hide_in_lower_case() -> None:
    written = "Display : NONE ! Important; margin: 3px; opacity:0; color"
    assert declarations(written) == {"display": "none!important", "opacity": "0", "color": ""}


def test_an_elements_own_style_comes_after_the_rules_and_before_what_is_important() -> None:
    page = "<style>p{color:red;opacity:0!important}</style><p class=x style='color:blue;opacity:1'>words</p>"
    tree: Any = html.document_fromstring(page)
    assert Stylesheet(tree).style(tree.find(".//p")) == {"color": "blue", "opacity": "0"}


def test_the_more_exact_rule_wins_wherever_it_stands() -> None:
    tree: Any = html.document_fromstring(
        "<style>#a{color:a}p.b{color:b}.b{color:c}p{color:d}</style><p id=a class=b>"
    )
    assert Stylesheet(tree).style(tree.find(".//p")) == {"color": "a"}
