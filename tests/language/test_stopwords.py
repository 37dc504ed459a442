from mm_orch.language.stopwords import light_words, stopwords, without_stopwords


def test_each_language_has_one_list_and_no_word_is_in_two() -> None:
    lists = [stopwords("en"), stopwords("zh"), light_words()]
    assert {"the", "which"} <= stopwords("en")
    assert {"什么", "的"} <= stopwords("zh")
    assert sum(map(len, lists)) == len(frozenset().union(*lists))


def test_chinese_is_cut_at_its_stopwords() -> None:
    assert without_stopwords("芦塘热的死亡率是多少") == ["芦塘热", "死亡率"]
    assert without_stopwords("这是什么") == []
