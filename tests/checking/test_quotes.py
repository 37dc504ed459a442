"""The words of a passage on one line, word for word, and cut."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.checking.quotes import LONGEST_QUOTE, excerpt, shortened, verbatim


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It is “so”.", 'It is "so"'),
        ("它叫「甲」。", "它叫“甲”"),
        ("航程 40 分钟", "航程40分钟。"),
        ("- Tea is hot.", "Tea is hot."),
        ("| Ming | 8,850 km |", "Ming – 8,850 km"),
        ("2. Tea\n  is hot.", "Tea is hot."),
    ],
)
def test_spaces_quotation_marks_and_the_mark_of_a_list_make_no_difference(one: str, other: str) -> None:
    assert verbatim(one) == verbatim(other)


@pytest.mark.parametrize("other", ["tea is hot.", "Tea is hot!", "Tea was hot.", "Tea is hot, too."])
def test_everything_else_does(other: str) -> None:
    assert verbatim("Tea is hot.") != verbatim(other)


@pytest.mark.parametrize("length", [LONGEST_QUOTE, LONGEST_QUOTE + 1, 5000])
def test_a_quote_is_cut_between_words_and_is_a_beginning(length: int) -> None:
    text = ("seven words of a page that goes on " * 200)[:length]
    cut = shortened(text)
    assert text.startswith(cut)
    assert len(cut) <= LONGEST_QUOTE
    assert cut == text or text[len(cut)] == " "
    assert shortened("长" * length) == "长" * LONGEST_QUOTE


LONG = "".join(f"Sentence {number} is here. " for number in range(200))


def test_a_short_passage_is_quoted_whole_wherever_the_statement_stands() -> None:
    text = "One. Two.\n\nThree."
    assert [excerpt(text, each) for each in ("One.", "Three.", "Nowhere.")] == [text] * 3


@pytest.mark.parametrize("at", [0, 1, 100, 198, 199])
def test_of_a_long_passage_the_sentences_around_the_statement_are_quoted(at: int) -> None:
    text = excerpt(LONG, f"Sentence {at} is here.")
    assert text in LONG
    assert f"Sentence {at} is here." in text
    assert 800 < len(text) <= 900


def test_a_chinese_passage_is_quoted_in_whole_sentences() -> None:
    text = "".join(f"这是第{number}句话，说的是长城。" for number in range(200))
    cut = excerpt(text, "这是第150句话，说的是长城。")
    assert "第150句" in cut
    assert cut.startswith("这是")
    assert cut.endswith("。")
    assert len(cut) <= 900


def test_a_statement_that_was_shortened_is_found_by_its_beginning() -> None:
    long = "The wall, " + "which is old, " * 30 + "is long. "
    text = excerpt(LONG + long + LONG, long[:300])
    assert long in text
    assert len(text) <= 900


def test_a_long_sentence_beside_the_statement_stays_out() -> None:
    assert excerpt("It is long. " + "word " * 400 + ". It is old.", "It is old.") == "It is old."
    assert excerpt("It is long. " + "word " * 400 + ".", "It is long.") == "It is long. "


def test_an_empty_passage_has_nothing_to_quote() -> None:
    assert excerpt("", "It is old.") == ""


@pytest.mark.parametrize("fence", ["```", "~~~", "  ```"])
@pytest.mark.parametrize("at", [3, 60, 110])
def test_code_that_is_cut_stands_between_fences(fence: str, at: int) -> None:
    lines = [f"line_{number} = {number}" for number in range(120)]
    text = "\n".join(["Before.", f"{fence}python", *lines, fence, "After."])
    cut = excerpt(text, f"line_{at} = {at}")
    assert f"line_{at} = {at}" in cut
    fences = [line for line in cut.splitlines() if line.strip().startswith(("```", "~~~"))]
    assert [line.strip()[:3] for line in fences] == [fence.strip()] * 2
    inside = cut[cut.index(fences[0]) + len(fences[0]) : cut.rindex(fences[1])].split("\n")
    assert set(inside) - {""} <= set(lines)
    assert not {"Before.", "After."} & set(inside)


PIECE = st.sampled_from(
    ["Word is here. ", "长城很长。", "| a | b |\n", "\n\n", "# Head\n", "x" * 400, "- item\n", "Yes! "]
)


@given(st.lists(PIECE, max_size=60).map("".join), st.integers(0, 5000))
def test_an_excerpt_is_a_part_of_the_passage_of_limited_length(text: str, at: int) -> None:
    cut = excerpt(text, text[at : at + 80])
    assert cut in text
    assert len(cut) <= 900 or len(max(re.split(r"[。!\n]|\. ", cut), key=len)) > 800
    assert cut == text or len(text) > 900
