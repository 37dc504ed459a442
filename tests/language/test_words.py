from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.words import smallest_words, spaced_words, words

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)
PUNCTUATED = st.lists(
    st.sampled_from(
        ["Dr. ", "U.S. ", "3.14", "。", "！”", "?", "...", "\n", "\r\n", " ", "a", "中文", "End.", "'s", ";\n"]
    )
).map("".join)


@given(st.one_of(ANYTHING, PUNCTUATED))
def test_no_word_is_empty_or_holds_a_space(text: str) -> None:
    assert all(word and not any(character.isspace() for character in word) for word in words(text))


@given(ANYTHING, ANYTHING)
def test_words_of_two_lines_are_the_words_of_each(first: str, second: str) -> None:
    assert words(f"{first}\n{second}") == words(first) + words(second)


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


@given(st.text(st.characters(codec="ascii"), max_size=200))
def test_plain_text_beside_other_text_has_the_same_words(text: str) -> None:
    assert words(f"{text} é") == [*words(text), "é"]


@pytest.mark.parametrize("unit", ["a.", "。", "a. ", "'", '"', "\n", " ", "中", "U.S", "1.", "a'"])
def test_a_long_text_is_cut_in_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    started = time.perf_counter()
    words(text)
    assert time.perf_counter() - started < 3


def test_spaced_words_stand_apart_from_chinese_beside_them() -> None:
    assert spaced_words("gguf文件 it's 2.5") == ["gguf", "it", "2.5"]
    assert smallest_words("gguf文件 it's") == ["gguf", "文", "件", "it", "s"]
