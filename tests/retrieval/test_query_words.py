from mm_orch.retrieval.query_words import content_parts, content_words


def test_words_that_only_ask_are_left_out() -> None:
    assert content_words("What is the length of the Orlen, please?") == ["length", "orlen"]
    assert content_words("请问青萝河有多长？") == ["青萝", "萝河", "多长"]
    assert content_words("What is it?") == content_words("这是什么？") == content_words("") == []


def test_both_scripts_and_widths_are_one() -> None:
    assert content_words("ＧＧＵＦ 蘆塘熱") == content_words("gguf 芦塘热")


def test_chinese_stands_whole_between_the_words_that_ask() -> None:
    assert content_parts("芦塘热的死亡率是多少？") == ["芦塘热", "死亡率"]
