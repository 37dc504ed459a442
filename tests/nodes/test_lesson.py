from __future__ import annotations

from mm_orch.records.lesson import Exercise, Lesson, LessonSection
from tests.fixtures.steps import node, ran

STEP = node("lesson", reads=["topic", "difficulty", "outline", "sections", "exercises"])
STATE = {
    "topic": "plants",
    "difficulty": "beginner",
    "outline": ["Roots", "Leaves"],
    "sections": ["They drink.", "They breathe."],
    "exercises": [{"question": "What do roots do?", "answer": "They drink."}, "Draw a leaf."],
}


async def test_the_parts_become_one_record() -> None:
    done = await ran(STEP, STATE, language="zh")
    assert done.outputs["lesson"] == Lesson(
        "plants",
        "beginner",
        "zh",
        ("Roots", "Leaves"),
        (LessonSection("Roots", "They drink."), LessonSection("Leaves", "They breathe.")),
        (Exercise("What do roots do?", "They drink."), Exercise("Draw a leaf.", "")),
    )


async def test_what_no_step_wrote_is_empty() -> None:
    done = await ran(STEP, {"topic": "plants"})
    assert done.outputs["lesson"] == Lesson("plants", "", "en", (), (), ())
