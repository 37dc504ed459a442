from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from mm_orch.language.stemming import stem


@pytest.mark.parametrize("forms", ["cross crosses crossed", "city cities", "open opening"])
def test_the_forms_of_a_word_are_one(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(("one", "other"), [("flower", "flow"), ("corner", "corn"), ("tower", "tow")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_threads_do_not_mix_up_their_words() -> None:
    forms = [f"crossing{letter}ations" for letter in "abcdefghij"] * 50
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stem.__wrapped__, forms)) == [stem(form) for form in forms]
