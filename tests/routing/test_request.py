from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.folding import fold
from mm_orch.routing.request import HEAD, NUMBER, QUOTE, TAIL, parts, tokens

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Teach me C++!", ("teach", "me", "c++")),
        ("教我ＰＹＴＨＯＮ", ("教", "我", "python")),
        ("請寫一首詩", ("请", "写", NUMBER, "首", "诗")),
        ("出10道题", ("出", NUMBER, "道", "题")),
        ("出十道题", ("出", NUMBER, "道", "题")),
        ("把“我爱你”翻译成法语？", ("把", QUOTE, "翻", "译", "成", "法", "语", "?")),
        ("say 'good luck' in what's left", ("say", QUOTE, "in", "what's", "left")),
        ("read https://example.org/a?b=c now", ("read", QUOTE, "now")),
    ],
)
def test_a_request_is_words_characters_and_marks(text: str, expected: tuple[str, ...]) -> None:
    assert tokens(fold(text)) == expected


def test_what_follows_a_colon_weighs_less_than_the_request() -> None:
    asked, pasted = parts("翻译：good morning")
    assert (asked.tokens, asked.weight) == (("翻", "译"), 1.0)
    assert pasted.tokens == ("good", "morning")
    assert pasted.weight < 0.5


def test_the_last_line_of_a_long_text_is_a_request_and_its_first_line_only_if_it_ends() -> None:
    long = "word " * 1000
    first, last = parts(f"{long}\nsummarize this")
    assert first.weight < 0.5
    assert (last.tokens, last.weight) == (("summarize", "this"), 1.0)
    assert parts(f"shorten this\n{long}")[0].weight == 1.0
    assert parts(long)[0].weight == 1.0


@given(ANYTHING)
def test_parts_never_fail_and_none_is_empty(text: str) -> None:
    assert all(part.tokens and 0 < part.weight <= 1 for part in parts(text))


@given(st.integers(0, 5000))
def test_the_middle_of_a_long_text_is_not_read(middle: int) -> None:
    text = "a" * HEAD + "\n" + "x " * middle + "b" * TAIL
    assert all("x" not in part.tokens for part in parts(text))
