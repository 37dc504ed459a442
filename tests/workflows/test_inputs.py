from typing import Any

import pytest

from mm_orch.errors import InvalidInput
from mm_orch.records.message import Message
from tests.fixtures.definitions import shipped


def lesson(**values: Any) -> dict[str, Any]:
    return shipped().get("lesson_pack").inputs_from({"topic": "tides", **values})


@pytest.mark.parametrize("word", ["beginner", "Beginner", "入门", "初级"])
def test_a_choice_knows_its_words(word: str) -> None:
    assert lesson(difficulty=word)["difficulty"] == "beginner"


@pytest.mark.parametrize("word", ["高级", "进阶", "advanced"])
def test_the_highest_difficulty_has_two_chinese_words(word: str) -> None:
    assert lesson(difficulty=word)["difficulty"] == "advanced"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"difficulty": "advancd"}, "Did you mean 'advanced'"),
        ({"num_exercises": 0}, "from 1 to 20"),
        ({"num_exercises": 21}, "from 1 to 20"),
        ({"num_exercises": "many"}, "from 1 to 20"),
        ({"num_exercises": True}, "from 1 to 20"),
        ({"num_exercises": 2.5}, "from 1 to 20"),
        ({"language": "fr"}, "Known: auto, en, zh"),
        ({"topic": "   "}, "'topic' is empty"),
        ({"topic": 5}, "should be text"),
        ({"topic": "x" * 501}, "501 characters; at most 500"),
        ({"dificulty": "beginner"}, "no input 'dificulty'.*Did you mean 'difficulty'"),
    ],
)
def test_a_wrong_input_is_named_with_what_is_allowed(values: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        lesson(**values)


def test_the_topic_must_be_given() -> None:
    with pytest.raises(InvalidInput, match="'topic' is empty"):
        shipped().get("lesson_pack").inputs_from({})


def test_none_means_not_given() -> None:
    assert lesson(num_exercises=None, difficulty=None)["num_exercises"] == 3


def test_the_language_is_that_of_the_topic_unless_told() -> None:
    assert lesson(topic="潮汐")["language"] == "zh"
    assert lesson(topic="潮汐", language="en")["language"] == "en"
    assert lesson(topic="潮汐", language="auto")["difficulty_label"] == "入门"


def test_history_comes_as_records_or_as_dicts() -> None:
    chat = shipped().get("chat_generate")
    turns = [Message("user", "a"), {"role": "assistant", "content": "b"}]
    values = chat.inputs_from({"message": "c", "history": turns})
    assert values["history"] == [Message("user", "a"), Message("assistant", "b")]


@pytest.mark.parametrize("history", ["text", [{"role": "robot", "content": "x"}], [{"role": "user"}], [5]])
def test_history_of_another_shape_is_refused(history: object) -> None:
    with pytest.raises(InvalidInput, match="history"):
        shipped().get("chat_generate").inputs_from({"message": "c", "history": history})
