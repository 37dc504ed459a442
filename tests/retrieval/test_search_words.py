from mm_orch.retrieval.search_words import other_words, search_words


def test_a_question_is_searched_for_as_it_is() -> None:
    assert search_words("  How long\nis the Orlen? ") == "How long is the Orlen?"


def test_of_a_long_text_what_asks_is_searched_for() -> None:
    assert search_words("Here is my story. " * 30 + "How long is the Orlen?") == "How long is the Orlen?"
    assert len(search_words("word " * 500)) <= 300


def test_another_try_begins_with_what_was_missing_and_what_else_it_is_called() -> None:
    question = "What is the price of a ticket to the Saltmarket Fair?"
    words = other_words(question, ["price"], [question]).split()
    assert words[:2] == ["price", "cost"]
    assert {"ticket", "saltmarket", "fair"} <= set(words)


def test_a_try_is_never_one_that_was_made() -> None:
    question = "芦塘热的死亡率是多少？"
    first = other_words(question, ["死亡率"], [question])
    second = other_words(question, ["死亡率"], [question, first])
    assert len({question, first, second}) == 3
    assert "芦塘热" in first
    assert "芦塘热" in second


def test_words_that_the_model_brought_are_searched_for_too() -> None:
    assert other_words("tram fares", [], ["tram fares"], "ticket price").endswith("ticket price")
