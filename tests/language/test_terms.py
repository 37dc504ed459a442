from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.terms import terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the ferry's harbour", [("ferri", 4), ("harbour", 12)]),
        ("low-cost ferries", [("low", 0), ("cost", 4), ("ferri", 9)]),
        ("it isn't open", [("open", 9)]),
        ("渡轮码头", [("渡轮", 0), ("轮码", 1), ("码头", 2)]),
        ("渡轮在码头", [("渡轮", 0), ("码头", 3)]),
        ("桥", [("桥", 0)]),
        ("采用gguf格式", [("采用", 0), ("gguf", 2), ("格式", 6)]),
        ("412 km2 2019", [("km2", 4)]),
        ("it is what was there", []),
        ("这是在的", []),
    ],
)
def test_words_come_in_order_with_their_places(text: str, found: list[tuple[str, int]]) -> None:
    assert terms(text) == found


@given(st.text(alphabet="abe dfs'-渡轮的不在3 \n", max_size=40))
def test_places_rise_and_lie_within_the_text(text: str) -> None:
    places = [at for _, at in terms(text)]
    assert places == sorted(places)
    assert all(text[at] == term[0] for term, at in terms(text))
