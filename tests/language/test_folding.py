from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  The  Ferry\n", "the ferry"),
        ("ＧＧＵＦ　１２", "gguf 12"),
        ("禾嶼渡輪", "禾屿渡轮"),
        ("it’s −5", "it's -5"),
        ("fer\u00adry\u200b", "ferry"),
        ("㎞ ① ﬁ", "km 1 fi"),
    ],
)
def test_text_is_folded_to_one_form(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(alphabet="aB 渡輪３km，.\u200b’−é", max_size=40))
def test_a_folded_text_is_not_changed_by_folding(text: str) -> None:
    assert fold(fold(text)) == fold(text)
