import pytest

from mm_orch.language.content_words import content_parts, content_words, terms


def test_words_that_only_ask_are_left_out() -> None:
    assert content_words("What is the length of the Orlen, please?") == ["length", "orlen"]
    assert content_words("请问青萝河有多长？") == ["青萝", "萝河", "多长"]
    assert content_words("What is it?") == content_words("这是什么？") == content_words("") == []


def test_both_scripts_and_widths_are_one() -> None:
    assert content_words("ＧＧＵＦ 蘆塘熱") == content_words("gguf 芦塘热")


def test_chinese_stands_whole_between_the_words_that_ask() -> None:
    assert content_parts("芦塘热的死亡率是多少？") == ["芦塘热", "死亡率"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the ferry's harbour", {"ferri", "harbour"}),
        ("low-cost ferries", {"low", "cost", "ferri"}),
        ("it isn't open", {"open"}),
        ("渡轮码头", {"渡轮", "轮码", "码头"}),
        ("渡轮在码头", {"渡轮", "码头"}),
        ("桥", {"桥"}),
        ("采用gguf格式", {"采用", "gguf", "格式"}),
        ("412 km2 2019", {"km2"}),
        ("it is what was there", set()),
        ("这是在的", set()),
    ],
)
def test_terms_are_stems_and_pairs_without_stopwords_and_numbers(text: str, found: set[str]) -> None:
    assert terms(text) == found
