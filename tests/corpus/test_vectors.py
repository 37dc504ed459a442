from __future__ import annotations

from array import array

from tests.corpus.library import index


def test_vectors_come_back_by_model_and_passage() -> None:
    made = index("one", "two")
    made.vectors.put("m", {1: array("f", [1, 2]), 2: array("f", [3])})
    made.vectors.put("m", {2: array("f", [4])})
    assert made.vectors.get("m", [1, 2, 3]) == {1: array("f", [1, 2]), 2: array("f", [4])}
    assert made.vectors.get("other", [1]) == made.vectors.get("m", []) == {}


def test_a_vector_whose_passage_is_gone_is_dropped() -> None:
    made = index("one")
    made.vectors.put("m", {9: array("f", [1])})
    assert made.vectors.get("m", [9]) == {}
