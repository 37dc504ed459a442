from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mm_orch.retrieval.fusion import fuse, ranking


def test_a_ranking_has_what_scores_and_of_equals_the_earlier_first() -> None:
    assert ranking([0.0, 1.0, 2.0, 1.0]) == [2, 1, 3]


@given(st.lists(st.permutations(range(6)), min_size=1, max_size=4))
def test_fusion_keeps_everything_once(rankings: list[list[int]]) -> None:
    assert sorted(fuse((each, 1.0) for each in rankings)) == list(range(6))


def test_what_is_high_in_several_rankings_comes_first() -> None:
    assert fuse([([3, 1, 2], 1.0), ([3, 1, 2], 1.0)]) == [3, 1, 2]
    assert fuse([([1, 2, 3], 1.0), ([2, 3, 1], 1.0)])[0] == 2
    assert fuse([([1, 2], 1.0), ([2, 1], 0.5)]) == [1, 2]
    assert fuse([]) == []
