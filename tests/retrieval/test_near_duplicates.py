from mm_orch.retrieval.near_duplicates import near_duplicate, shingles


def test_near_duplicates_share_most_of_their_words() -> None:
    text = "The old ferry crosses the wide river every hour from dawn to dusk, but not on Sundays."
    assert near_duplicate(shingles(text), shingles(text.replace("old", "small")))
    assert near_duplicate(shingles(text), shingles(text + " Tickets are sold at the quay by the crew."))
    assert not near_duplicate(shingles(text), shingles("The river rises in the hills and runs to the sea."))
    assert near_duplicate(shingles("渡轮每小时一班，星期日停航。"), shingles("渡轮每小时一班，星期日停航！"))
