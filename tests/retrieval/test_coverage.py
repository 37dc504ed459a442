import pytest

from mm_orch.records.passage import Passage
from mm_orch.retrieval.coverage import Coverage, coverage
from mm_orch.retrieval.expansion import concepts

ENGLISH = Passage(0, "u", "Vellan ferry", "Fares", "A bicycle costs 3.20 in summer. Tickets are sold on board.")
CHINESE = Passage(0, "u", "禾屿渡轮", "票价", "自行车单程六元，船上购票。")


def covered(question: str, *passages: Passage) -> Coverage:
    vocabulary = frozenset(["vellan", "ferry", "fares", "bicycle", "costs", "summer", "tickets", "sold", "board"])
    return coverage(question, concepts(question, vocabulary), passages)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("What does a bike cost on the Vellan ferry?", ENGLISH),
        ("how much for a bycicle on the ferrey", ENGLISH),
        ("禾嶼渡輪帶單車多少錢？", CHINESE),
    ],
)
def test_a_question_is_covered_under_other_words(question: str, passage: Passage) -> None:
    assert covered(question, passage).share > 0.75


@pytest.mark.parametrize(
    ("question", "passage", "missing"),
    [
        ("How many passengers took the Vellan ferry in 2019?", ENGLISH, "2019"),
        ("Is there a restaurant on the Vellan ferry?", ENGLISH, "restaurant"),
        ("禾屿渡轮上有餐厅吗？", CHINESE, "餐厅"),
    ],
)
def test_what_is_not_there_is_named(question: str, passage: Passage, missing: str) -> None:
    found = covered(question, passage)
    assert found.share < 0.75
    assert any(missing in word for word in found.missing)


def test_a_question_without_content_is_covered_and_nothing_covers_a_real_one() -> None:
    assert covered("What is it?") == Coverage(1.0, ())
    assert covered("restaurant") == Coverage(0.0, ("restaurant",))


def test_words_that_say_little_count_little() -> None:
    assert covered("the best ferry", ENGLISH).share > covered("the rusty ferry", ENGLISH).share
    assert "best" not in covered("the best ferry", ENGLISH).missing
