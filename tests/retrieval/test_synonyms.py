from mm_orch.retrieval.synonyms import known_words, synonyms


def test_a_word_is_known_under_other_names_in_both_languages() -> None:
    assert {"cost", "价格"} <= set(synonyms("price"))
    assert {"price", "费用"} <= set(synonyms("价格"))
    assert "price" not in synonyms("price")


def test_words_of_several_parts_have_spaces() -> None:
    assert "side effect" in known_words()
    assert not any("_" in word for word in known_words())


def test_most_words_have_none() -> None:
    assert synonyms("zyzzyva") == ()
