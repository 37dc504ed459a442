from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.script import is_traditional, simplified


def test_traditional_characters_become_simplified_ones() -> None:
    assert simplified("請幫我寫一首詩，這個問題該怎麼問？") == "请帮我写一首诗，这个问题该怎么问？"


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_folding_keeps_the_length_and_is_done_in_one_go(text: str) -> None:
    folded = simplified(text)
    assert len(folded) == len(text)
    assert simplified(folded) == folded


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        ("台灣的天氣", True),
        ("請問皇后里程卡怎麼辦", True),
        ("香港哪裡有好吃的點心？", True),
        ("台北", False),
        ("皇后镇在哪里？", False),
        ("请问 CUDA 怎么安装", False),
        ("“發”字在简体里怎么写？", False),
        ("What is 中文?", False),
        ("weather", False),
        ("", False),
    ],
)
def test_a_script_is_told_by_its_own_characters(text: str, traditional: bool) -> None:
    assert is_traditional(text) is traditional
