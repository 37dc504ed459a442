from mm_orch.retrieval.ranking import Index, fuse, near_duplicate, ranking, shingles

TEXTS = ["The river rises in the hills.", "A ferry crosses the river. The ferry is old.", "云岭电车从鼓楼出发。"]
HEADS = ["Orlen", "Boats", "交通"]


def ranked(*words: str) -> list[int]:
    return ranking(Index(TEXTS, HEADS).scores([{word: 1.0} for word in words]))


def test_passages_with_more_of_the_words_come_first() -> None:
    assert ranked("river", "ferry") == [1, 0]
    assert ranked("电车") == [2]
    assert ranked("nothing") == []


def test_headings_count() -> None:
    assert ranked("orlen") == [0]
    assert ranked("river", "boats")[0] == 1


def test_of_what_a_thing_may_be_called_the_best_counts_once() -> None:
    index = Index(TEXTS, HEADS)
    alone = index.scores([{"ferry": 1.0}])
    assert index.scores([{"ferry": 1.0, "crosses": 0.1, "old": 0.1}]) == alone
    assert 0 < index.scores([{"ferry": 0.5}])[1] < alone[1]


def test_a_phrase_is_looked_for_as_it_stands() -> None:
    assert ranking(Index(TEXTS, HEADS).scores([{"ferry is": 1.0}])) == [1]


def test_no_passages_are_no_error() -> None:
    assert Index([], []).scores([{"a": 1.0}]) == []
    assert Index([], []).vocabulary() == frozenset()


def test_what_is_high_in_several_rankings_comes_first() -> None:
    assert fuse([[1, 2, 3], [2, 3, 1]])[0] == 2
    assert fuse([[1, 2], [2, 1]], [1.0, 0.5]) == [1, 2]
    assert fuse([]) == []


def test_near_duplicates_share_most_of_their_words() -> None:
    text = "The old ferry crosses the wide river every hour from dawn to dusk, but not on Sundays."
    assert near_duplicate(shingles(text), shingles(text.replace("old", "small")))
    assert near_duplicate(shingles(text), shingles(text + " Tickets are sold at the quay by the crew."))
    assert not near_duplicate(shingles(text), shingles("The river rises in the hills and runs to the sea."))
    assert near_duplicate(shingles("渡轮每小时一班，星期日停航。"), shingles("渡轮每小时一班，星期日停航！"))
