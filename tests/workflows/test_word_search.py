import re
import time

import pytest

from mm_orch.workflows.word_search import Words, all_of, at_end, at_start, expression, find

ABOUT: Words = {"en": ["about", "about the"], "zh": ["关于"]}


def test_the_words_of_all_languages_are_taken_and_blank_ones_are_not() -> None:
    assert all_of({"en": ["a", " "], "zh": ["", "关于"]}) == ("a", "关于")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A talk ABOUT The sea", "ABOUT The"),
        ("a talk about-the sea", "about-the"),
        ("what is roundabout", None),
        ("what-about it", None),
        ("讲讲关于海的事", "关于"),
        ("", None),
    ],
)
def test_whole_words_are_found_in_any_case_and_the_longest_of_them(text: str, found: str | None) -> None:
    match = find(ABOUT, text)
    assert (match and match[0]) == found


def test_without_words_nothing_is_found() -> None:
    assert find({}, "about") is None
    assert at_start({}, "about") == at_end({"en": [""]}, "about") == 0
    assert re.search(expression([]), "about") is None


def test_what_stands_at_an_end_is_counted_with_the_blanks_beside_it() -> None:
    assert at_start(ABOUT, "about the  sea") == len("about the  ")
    assert at_start(ABOUT, "all about") == 0
    assert at_end(ABOUT, "tell me  about the") == len("  about the")
    assert at_end(ABOUT, "about me") == 0


def test_many_blanks_take_no_long_time() -> None:
    started = time.perf_counter()
    assert at_end(ABOUT, "x" + " " * 20_000 + "y") == 0
    assert time.perf_counter() - started < 0.5
