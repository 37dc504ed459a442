from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.segments import sentences, words

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


@given(st.one_of(ANYTHING, PUNCTUATED))
def test_no_word_is_empty_or_holds_a_space(text: str) -> None:
    assert all(word and not any(character.isspace() for character in word) for word in words(text))


@given(ANYTHING, ANYTHING)
def test_words_of_two_lines_are_the_words_of_each(first: str, second: str) -> None:
    assert words(f"{first}\n{second}") == words(first) + words(second)


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Einstein's C++ and C# code", ["einstein", "c++", "and", "c#", "code"]),
        ("I don’t know v1.2.3", ["i", "don't", "know", "v1", "2.3"]),
        ("GGUF模型文件", ["gguf", "模型", "型文", "文件"]),
        ("ＧＧＵＦ 是", ["gguf", "是"]),
        ("llama-cpp_python", ["llama", "cpp", "python"]),
        ("？！…  ", []),
    ],
)
def test_words_are_lower_case_latin_and_pairs_of_chinese(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("unit", ["a.", "。", "a. ", "'", '"', "\n", " ", "中", "U.S", "1.", "a'"])
def test_a_long_text_is_cut_in_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    started = time.perf_counter()
    sentences(text)
    words(text)
    assert time.perf_counter() - started < 3


@given(st.text(st.characters(codec="ascii"), max_size=200))
def test_plain_text_beside_other_text_has_the_same_words(text: str) -> None:
    assert words(f"{text} é") == [*words(text), "é"]
