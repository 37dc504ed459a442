from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.language.detection import detect, is_chinese

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)


@pytest.mark.parametrize(
    "text",
    [
        "什么是机器学习？",
        "什麼是機器學習？",
        "Python 的 list 和 tuple 有什么区别",
        "帮我翻译 I would like to have a cup of coffee please",
        "解释这段代码：def add(first, second): return first + second",
        "请解释：```python\nfor item in the_list: do(item)\n```",
        "hello 你好",
        "GIL 原理",
        "１＋１＝？",
    ],
)
def test_a_person_who_writes_chinese_is_answered_in_chinese(text: str) -> None:
    assert detect(text) == "zh"


@pytest.mark.parametrize(
    "text",
    [
        "What is machine learning?",
        "What does 你好 mean?",
        "Translate “你是谁，你从哪里来” please",
        "Explain the concept of 机器学习",
        "Who is 鲁迅",
        "docker compose 卷",
        "これは何ですか",
        "¿Qué es la fotosíntesis?",
        "1+1=?",
        "",
        "\ud800",
    ],
)
def test_everybody_else_is_answered_in_english(text: str) -> None:
    assert detect(text) == "en"


def test_a_quotation_counts_when_there_is_nothing_else() -> None:
    assert detect("“你是谁”") == "zh"


def test_a_long_pasted_text_does_not_outvote_the_request_before_it() -> None:
    assert detect("总结一下：" + "The quick brown fox jumps over the lazy dog. " * 100) == "zh"


@given(ANYTHING)
def test_detect_never_fails(text: str) -> None:
    assert detect(text) in ("zh", "en")


@given(ANYTHING)
def test_text_without_any_east_asian_character_is_english(text: str) -> None:
    ascii_only = text.encode("ascii", "ignore").decode()
    assert detect(ascii_only) == "en"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("渡轮每天开航", True),
        ("使用 GGUF 格式的模型", True),
        ("The ferry", False),
        ("The 渡 ferry", False),
        ("", False),
        ("42", False),
    ],
)
def test_the_language_of_a_sentence_is_that_of_most_of_its_words(text: str, expected: bool) -> None:
    assert is_chinese(text) is expected
