"""What a browser does not show is not read."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from mm_orch.documents.hidden_text import remove_hidden


def _left(body: str, head: str = "") -> str:
    tree: Any = html.document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    remove_hidden(tree)
    return " ".join(tree.body.text_content().split())


@pytest.mark.parametrize(
    "attribute",
    [
        "hidden",
        "hidden=''",
        "aria-hidden='true'",
        "style='display:none'",
        "style='DISPLAY : None !important; color: red'",
        "style='visibility:hidden'",
        "style='visibility: collapse'",
        "style='opacity:0'",
        "style='opacity: 0.01'",
        "style='font-size:0'",
        "style='font-size: 0.5px'",
        "style='font:0/0 a'",
        "style='position:absolute; left:-9999px'",
        "style='position:fixed; top:-200em'",
        "style='position:absolute; left:-100vw'",
        "style='text-indent:-9999px'",
        "style='margin-left:-5000px'",
        "style='transform:translateX(-9999px)'",
        "style='transform:scale(0)'",
        "style='clip:rect(0 0 0 0);position:absolute'",
        "style='clip: rect(0, 0, 0, 0)'",
        "style='clip-path: inset(50%)'",
        "style='height:1px;width:1px;overflow:hidden'",
        "style='max-height:0;overflow:hidden'",
        "style='color:#fff'",
        "style='color: rgb(254,254,254)'",
        "style='color:transparent'",
        "style='color:rgba(0,0,0,0)'",
        "style='color:#111;background:#101010'",
        "style='color:red;background-color:rgb(255, 0, 0)'",
        "style='filter:opacity(0)'",
        "style='content-visibility:hidden'",
        "class='sr-only'",
        "class='note visually-hidden'",
        "class='hidden'",
    ],
)
def test_hidden_text_is_taken_out_and_what_stands_around_it_stays(attribute: str) -> None:
    assert _left(
        f"<p>before</p><p {attribute}>SECRET <b>SECRET</b></p>between<p>a <i {attribute}>SECRET</i> b</p>"
    ) == ("beforebetweena b")


@pytest.mark.parametrize(
    "attribute",
    [
        "style='display:block'",
        "style='opacity:0.5'",
        "style='font-size:12px'",
        "style='font-size:var(--size-0)'",
        "style='font:700 12px/1.5 sans-serif'",
        "style='position:absolute; left:50%; transform:translate(-50%, -50%)'",
        "style='position:relative; top:-2px'",
        "style='text-indent:2em'",
        "style='height:0'",
        "style='color:#fff;background:#000'",
        "style='color:white;background:url(dark.png)'",
        "style='background:#fff'",
        "style='color:no-colour'",
        "style='transform:scale(0.9)'",
        "style='overflow:hidden;height:100px'",
        "aria-hidden='false'",
        "class='hidden md:block'",
        "class='d-none d-md-block'",
        "style=';;:::display'",
    ],
)
def test_text_that_is_shown_stays(attribute: str) -> None:
    assert _left(f"<p {attribute}>words</p>") == "words"


def test_what_a_hidden_element_shows_again_is_read() -> None:
    assert _left("<div style='font-size:0'>SECRET<p style='font-size:14px'>words</p>SECRET</div>") == "words"
    assert _left("<div style='visibility:hidden'>SECRET<p style='visibility:visible'>words</p></div>") == "words"


def test_nothing_in_an_element_that_is_not_shown_can_show_itself() -> None:
    assert _left("<div style='display:none'>SECRET<p style='display:block'>SECRET</p></div>words") == "words"


def test_a_page_that_hides_itself_until_its_script_runs_is_shown() -> None:
    tree = html.document_fromstring('<html><body style="display:none;visibility:hidden"><p>words</p></body></html>')
    remove_hidden(tree)
    assert tree.text_content() == "words"


def test_white_text_on_a_dark_part_of_the_page_is_read() -> None:
    assert _left("<table bgcolor='#000033'><tr><td><font color=white>words</font></td></tr></table>") == "words"


def test_a_deep_page_is_walked_without_recursion() -> None:
    tree = current = html.Element("body")
    for _ in range(5000):
        child = html.Element("div")
        current.append(child)
        current = child
    current.text = "deep"
    remove_hidden(tree)
    assert tree.text_content() == "deep"
