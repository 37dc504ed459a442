"""Gathers the parts of a lesson into one record. Asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from mm_orch.nodes.base import Node, Values
from mm_orch.nodes.prompt_values import as_text
from mm_orch.nodes.step_run import StepRun
from mm_orch.records.lesson import Exercise, Lesson, LessonSection


class LessonNode(Node):
    """Gathers a topic, the titles of its sections, their texts and the exercises into a lesson record."""

    slots: ClassVar[tuple[str, ...]] = ("topic", "outline", "sections", "exercises")
    optional: ClassVar[tuple[str, ...]] = ("difficulty",)
    outputs: ClassVar[tuple[str, ...]] = ("lesson",)

    kind: Literal["lesson"]

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        plan = tuple(map(as_text, self.given(state, "outline") or ()))
        texts = map(_explained, self.given(state, "sections") or ())
        lesson = Lesson(
            as_text(self.given(state, "topic")),
            as_text(self.given(state, "difficulty")),
            run.language,
            plan,
            tuple(LessonSection(title, text) for title, text in zip(plan, texts, strict=False)),
            tuple(map(_exercise, self.given(state, "exercises") or ())),
        )
        return {"lesson": lesson}


def _explained(value: Any) -> str:
    """The text of a section, which may be a structure of one or more texts."""
    return "\n\n".join(map(as_text, value.values())) if isinstance(value, Mapping) else as_text(value)


def _exercise(value: Any) -> Exercise:
    if isinstance(value, Mapping):
        return Exercise(as_text(value.get("question")), as_text(value.get("answer")))
    return Exercise(as_text(value), "")
