from mm_orch.retrieval.expansion import concepts

VOCABULARY = frozenset({"swallowed", "swallowing", "ferry", "salt", "market", "dashboard", "cost", "steepest"})


def variants(question: str, word: str) -> dict[str, float]:
    return next(each.variants for each in concepts(question, VOCABULARY) if each.word == word)


def test_a_word_is_also_looked_for_in_its_other_forms() -> None:
    found = variants("Who swallows it?", "swallows")
    assert {"swallows", "swallowed", "swallowing"} <= set(found)
    assert found["swallows"] == 1.0 > found["swallowed"] > 0
    assert "steepest" in variants("steep", "steep")


def test_a_misspelt_word_is_looked_for_as_what_was_meant() -> None:
    assert variants("the ferrey", "ferrey")["ferry"] < 1.0
    assert "ferry" not in variants("the ferret swallows", "swallows")


def test_a_misspelt_word_that_only_asks_is_no_concept() -> None:
    assert [each.word for each in concepts("wich ferry", VOCABULARY)] == ["ferry"]


def test_compounds_are_found_written_apart_and_together() -> None:
    assert "salt market" in variants("the saltmarket", "saltmarket")
    assert "dashboard" in variants("the dash board", "dash")


def test_synonyms_reach_over_languages_and_forms() -> None:
    assert "费用" in variants("the price", "price")
    assert "cost" in variants("价格多少", "价格")


def test_chinese_is_looked_for_in_pairs_and_traditional_as_simplified() -> None:
    assert [each.word for each in concepts("蘆塘熱", ())] == ["芦塘", "塘热"]


def test_a_question_without_content_has_no_concepts() -> None:
    assert concepts("What is it?", VOCABULARY) == concepts("", VOCABULARY) == []
