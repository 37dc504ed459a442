"""What the shipped lesson definition reads out of what people write."""

import pytest

from mm_orch.errors import InvalidInput
from tests.fixtures.definitions import shipped

QUERIES = [
    ("给初学者出一份关于光合作用的课程，3道练习", "光合作用", "beginner", 3, "zh"),
    ("an advanced lesson about binary search with five exercises", "binary search", "advanced", 5, "en"),
    ("Create a lesson about design patterns", "design patterns", "beginner", 3, "en"),
    ("请给我一份中级难度的勾股定理教案，配十二道练习题，用英文", "勾股定理", "intermediate", 12, "en"),
    ("Teach me the history of Rome for beginners, 2 exercises please", "history of Rome", "beginner", 2, "en"),
    ("写作课程", "写作", "beginner", 3, "zh"),
    ("出5道关于勾股定理的练习题", "勾股定理", "beginner", 5, "zh"),
    ("我想学习唐诗，进阶", "唐诗", "advanced", 3, "zh"),
    ("lesson plan: Newton's laws", "Newton's laws", "beginner", 3, "en"),
    (
        "intermediate course in organic chemistry in Chinese with 4 short questions",
        "organic chemistry",
        "intermediate",
        4,
        "zh",
    ),
    ("Python基础", "Python基础", "beginner", 3, "zh"),
    ("the four color problem", "four color problem", "beginner", 3, "en"),
    ("设计模式高级教程，两道练习", "设计模式", "advanced", 2, "zh"),
    ("lesson", "lesson", "beginner", 3, "en"),
]


@pytest.mark.parametrize(("query", "topic", "difficulty", "exercises", "language"), QUERIES)
def test_words_of_a_query_set_the_inputs(
    query: str, topic: str, difficulty: str, exercises: int, language: str
) -> None:
    values = shipped().get("lesson_pack").inputs_from_query(query)
    assert values["topic"] == topic
    assert (values["difficulty"], values["num_exercises"], values["language"]) == (difficulty, exercises, language)


def test_explicit_inputs_win_over_the_words() -> None:
    explicit = {"num_exercises": "7", "difficulty": "高级", "language": "en"}
    values = shipped().get("lesson_pack").inputs_from_query("给初学者出一份关于光合作用的课程，3道练习", explicit)
    assert (values["num_exercises"], values["difficulty"], values["language"]) == (7, "advanced", "en")
    assert values["topic"] == "光合作用"
    assert values["difficulty_label"] == "advanced"


def test_a_number_in_the_query_that_is_out_of_range_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"num_exercises.*from 1 to 20"):
        shipped().get("lesson_pack").inputs_from_query("a lesson on tides with 50 exercises")


def test_a_query_of_another_workflow_stays_as_it_is() -> None:
    query = "Please tell me about the lesson of history, with sources"
    assert shipped().get("search_qa").inputs_from_query(query)["query"] == query
