from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.documents.soft_breaks import unwrapped


@pytest.mark.parametrize(
    ("wrapped", "whole"),
    [
        ("A long\nline.\n\nAnother\none.\n", "A long line.\n\nAnother one.\n"),
        ("第一行的字\n接着写。\n", "第一行的字接着写。\n"),
        ("先说完，\n再接着\nllama.cpp 的事。\n", "先说完，再接着 llama.cpp 的事。\n"),
        ("- one\n  goes on\n- two\n", "- one goes on\n- two\n"),
        ("1. one\n   goes on\n\n   and a paragraph\n", "1. one goes on\n\n   and a paragraph\n"),
    ],
)
def test_paragraphs_and_items_stand_on_one_line(wrapped: str, whole: str) -> None:
    assert unwrapped(wrapped) == whole


@pytest.mark.parametrize(
    "text",
    [
        "# Heading\nText.\n",
        "Heading\n=======\nText.\n",
        "| a | b |\n| - | - |\n| 1 | 2 |\n",
        "```\none\ntwo\n```\n",
        "- item\n  ```\n  one\n  two\n  ```\n",
        "    indented\n    code\n",
        "roses are red  \nviolets are blue\\\nsugar<br>\nis sweet\n",
        "> quoted\n> twice\n",
        "[1]: http://a/\n[2]: http://b/\n",
        "<div>\n<p>\n",
        "",
    ],
)
def test_what_stands_on_lines_of_its_own_stays_there(text: str) -> None:
    assert unwrapped(text) == text


LINES = ["", "word", "字", "# A", "- item", "  more", "| a |", "```", "    code", "> q", "a\\", "b  "]


@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_no_word_is_lost_and_doing_it_twice_changes_nothing(lines: list[str]) -> None:
    text = "\n".join(lines)
    whole = unwrapped(text)
    assert "".join(whole.split()) == "".join(text.split())
    assert unwrapped(whole) == whole
