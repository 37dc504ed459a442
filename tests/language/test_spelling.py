import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.spelling import distance, near_words, slips_allowed

WORDS = ["ferry", "fairly", "bicycle", "symptom", "photosynthesis", "with"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ferrey", "ferry"), ("bycicle", "bicycle"), ("sympton", "symptom"), ("fotosynthesis", "photosynthesis")],
)
def test_a_slip_of_the_fingers_is_found(typed: str, meant: str) -> None:
    assert list(near_words(typed, WORDS)) == [meant]


def test_short_words_and_numbers_are_never_corrected() -> None:
    assert slips_allowed("wih") == slips_allowed("2019") == 0
    assert near_words("wih", WORDS) == {}


def test_only_the_nearest_words_are_given() -> None:
    assert near_words("sympton", ["symptom", "symptoon", "system"]) == {"symptom": 1, "symptoon": 1}


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_symmetric_and_bounded(one: str, other: str) -> None:
    far = distance(one, other, 99)
    assert far == distance(other, one, 99) <= max(len(one), len(other))
    assert distance(one, other, 1) == min(far, 2)
    assert (far == 0) == (one == other)
