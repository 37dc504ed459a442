from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.sentences import sentences

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)
PUNCTUATED = st.lists(
    st.sampled_from(
        ["Dr. ", "U.S. ", "3.14", "。", "！”", "?", "...", "\n", "\r\n", " ", "a", "中文", "End.", "'s", ";\n"]
    )
).map("".join)


@given(st.one_of(ANYTHING, PUNCTUATED))
def test_sentences_joined_are_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text


@given(st.one_of(ANYTHING, PUNCTUATED))
def test_no_sentence_is_blank_unless_the_whole_text_is(text: str) -> None:
    if text.strip():
        assert all(piece.strip() for piece in sentences(text)[:-1])


def test_sentences_end_where_a_reader_ends_them() -> None:
    text = 'Dr. Smith of the U.S. army paid 3.14 dollars, e.g. for tea. "Really?" he asked. Yes!\nNew line'
    assert [piece.strip() for piece in sentences(text)] == [
        "Dr. Smith of the U.S. army paid 3.14 dollars, e.g. for tea.",
        '"Really?"',
        "he asked.",
        "Yes!",
        "New line",
    ]


def test_chinese_sentences_keep_their_closing_quotes() -> None:
    assert sentences("他说：“好的！”然后走了。真的吗？真的") == ["他说：“好的！”", "然后走了。", "真的吗？", "真的"]


@pytest.mark.parametrize("unit", ["a.", "。", "a. ", "'", '"', "\n", " ", "中", "U.S", "1.", "a'"])
def test_a_long_text_is_cut_in_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    started = time.perf_counter()
    sentences(text)
    assert time.perf_counter() - started < 3
