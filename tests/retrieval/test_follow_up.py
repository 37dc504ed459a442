import pytest

from mm_orch.retrieval.follow_up import is_follow_up, joined, stands_alone


@pytest.mark.parametrize(
    "question",
    ["and in 2020?", "那第二个呢？", "How tall is it?", "why?", "What about Paris?", "它有多长？", "为什么？"],
)
def test_a_question_that_leans_on_another_is_a_follow_up(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    ["How tall is Mont Blanc?", "那不勒斯的火山叫什么名字？", "What is machine learning?", "长江发源于哪座山？"],
)
def test_a_question_that_stands_alone_is_none(question: str) -> None:
    assert not is_follow_up(question)


def test_a_follow_up_is_joined_to_the_last_question_that_stands_alone() -> None:
    earlier = ["Who wrote Faust?", "How tall is Mont Blanc?", "And why?"]
    assert joined("Where is it?", earlier) == "How tall is Mont Blanc? Where is it?"
    assert joined("Where is it?", []) == "Where is it?"


def test_another_year_takes_the_place_of_the_first() -> None:
    asked = ["What was the population of Berlin in 2010?"]
    assert joined("and in 2020?", asked) == "What was the population of Berlin in 2020?"
    assert joined("那2020年呢？", ["2010年柏林有多少人口？"]) == "2020年柏林有多少人口？"


@pytest.mark.parametrize(
    ("rewritten", "good"),
    [
        ("How tall is Mont Blanc?", True),
        ("How tall is Everest?", False),
        ("Where is Mont Blanc?", False),
        ("How tall is it?", False),
        ("See https://a.example: how tall is Mont Blanc?", False),
        ("How tall is Mont Blanc?\nIt is 4,806 m.", False),
        ("勃朗峰有多高？", False),
        ("", False),
    ],
)
def test_a_models_rewriting_is_trusted_only_with_words_that_were_said(rewritten: str, good: bool) -> None:
    assert stands_alone(rewritten, "How tall is it?", ["Where is Mont Blanc?"]) is good
