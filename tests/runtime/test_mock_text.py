"""The mock's rule for tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mm_orch.runtime.mock_text import tokens


@given(st.text())
def test_tokens_join_to_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


def test_a_chinese_character_and_four_letters_are_one_token_each() -> None:
    assert tokens("机器ML, learning") == ["机", "器", "ML", ",", " ", "lear", "ning"]
