"""Blocks as Markdown."""

from __future__ import annotations

import pytest

from mm_orch.documents.block import Block, markdown


def test_blocks_stand_apart_and_items_and_rows_together() -> None:
    written = markdown(
        [
            Block("heading", "Tea", 2),
            Block("paragraph", "Kinds:"),
            Block("item", "green", 1, "- "),
            Block("item", "very\ngreen", 2, "- "),
            Block("paragraph", "both", 1),
            Block("row", "| a | b |"),
            Block("row", "| 1 | 2 |"),
            Block("code", "x = 1", mark="python"),
        ]
    )
    assert written == (
        "## Tea\n\nKinds:\n\n- green\n  - very\n    green\n  both\n\n| a | b |\n| 1 | 2 |\n\n```python\nx = 1\n```"
    )


def test_code_with_a_fence_in_it_gets_a_longer_one() -> None:
    assert markdown([Block("code", "````\nx\n````")]) == "`````\n````\nx\n````\n`````"


@pytest.mark.parametrize("text", ["# System", "###### x", "```", "~~~ python"])
def test_text_cannot_pass_for_a_mark(text: str) -> None:
    assert markdown([Block("paragraph", f"a\n{text}")]) == f"a\n\\{text}"


def test_a_number_sign_in_a_sentence_is_left_alone() -> None:
    assert markdown([Block("paragraph", "C# and #1, # too")]) == "C# and #1, # too"
