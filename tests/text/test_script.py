from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mm_orch.text.script import simplified


def test_traditional_characters_become_simplified_ones() -> None:
    assert simplified("請幫我寫一首詩，這個問題該怎麼問？") == "请帮我写一首诗，这个问题该怎么问？"


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_folding_keeps_the_length_and_is_done_in_one_go(text: str) -> None:
    folded = simplified(text)
    assert len(folded) == len(text)
    assert simplified(folded) == folded
