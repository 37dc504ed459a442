from mm_orch.retrieval.bm25 import Index
from mm_orch.retrieval.fusion import ranking

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
