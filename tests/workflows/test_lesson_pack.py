import json
from typing import Any

import pytest

from mm_orch.records.generation import GenerationRequest
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.workflows.lesson_pack import LessonPackWorkflow
from tests.fixtures.definitions import shipped_prompts


def write(request: GenerationRequest) -> str:
    schema: Any = request.config.json_schema
    if schema["type"] == "array":
        return json.dumps(["What tides are", "Why tides come"])
    if "question" in schema["properties"]:
        return json.dumps({"question": "What pulls?", "answer": "The Moon."})
    return json.dumps({"explanation": "The Moon pulls."})


def lesson(engine: MockEngine, **inputs: Any) -> Any:
    return LessonPackWorkflow(engine, prompts=shipped_prompts()).execute({"topic": "tides", **inputs})


def test_the_result_is_a_dict_whose_parts_can_be_printed() -> None:
    done = lesson(MockEngine(script=write), num_exercises=2, difficulty="高级")
    assert done.result == done.data
    assert done.result["plan"] == "1. What tides are\n2. Why tides come"
    assert done.result["explanation"].startswith("### What tides are\n\nThe Moon pulls.")
    assert done.result["exercises"] == [{"question": "What pulls?", "answer": "The Moon."}] * 2
    assert (done.result["difficulty"], done.result["language"], done.result["topic"]) == ("advanced", "en", "tides")


def test_the_answer_is_the_lesson_as_markdown() -> None:
    answer = lesson(MockEngine(script=write), num_exercises=1).answer
    assert [line for line in answer.splitlines() if line.startswith("#")] == [
        "## Plan",
        "## Explanation",
        "### What tides are",
        "### Why tides come",
        "## Exercises",
    ]
    assert "**Answer:** The Moon." in answer


@pytest.mark.parametrize("number", [1, 7, 20])
@pytest.mark.parametrize("text", ["", "{", "no structure", '["a", "b"]', '{"question": "' + "x " * 300])
def test_the_number_of_exercises_holds_whatever_the_model_writes(number: int, text: str) -> None:
    done = lesson(MockEngine(script=lambda request: text), num_exercises=number)
    assert len(done.result["exercises"]) == number
    assert all(set(exercise) == {"question", "answer"} for exercise in done.result["exercises"])
    assert done.status == "degraded"
    assert done.warnings


def test_each_exercise_is_about_a_section_in_turn() -> None:
    engine = MockEngine(script=write)
    lesson(engine, num_exercises=3)
    asked = [request.prompt[-1].content for request in list(engine.requests)[-3:]]
    assert ["What tides are" in text for text in asked] == [True, False, True]


def test_a_chinese_topic_gets_a_chinese_lesson() -> None:
    engine = MockEngine(script=write)
    done = LessonPackWorkflow(engine, prompts=shipped_prompts()).execute({"topic": "潮汐", "num_exercises": 1})
    assert "## 教学计划" in done.answer
    assert "学生：入门" in engine.requests[0].prompt[-1].content


def test_the_mock_fills_a_lesson_too() -> None:
    done = lesson(MockEngine(), num_exercises=4)
    assert (len(done.result["exercises"]), done.status) == (4, "ok")


def test_the_lesson_is_an_artefact_of_the_result() -> None:
    record = lesson(MockEngine(script=write), num_exercises=2).artefacts["lesson"]
    assert record.topic == "tides"
    assert record.plan == ("What tides are", "Why tides come")
    assert [(section.title, section.text) for section in record.sections] == [
        ("What tides are", "The Moon pulls."),
        ("Why tides come", "The Moon pulls."),
    ]
    assert len(record.exercises) == 2
