"""LessonPack: a plan, explanations, exercises with answers (``workflows/lesson_pack.yaml``)."""

from __future__ import annotations

from typing import ClassVar

from mm_orch.workflows.base import BaseWorkflow


class LessonPackWorkflow(BaseWorkflow):
    """``execute({"topic": …, "difficulty": …, "num_exercises": …})``.

    The result is a dict: ``plan`` and ``explanation`` are text, ``exercises`` dicts of ``question`` and ``answer``.
    """

    name: ClassVar[str] = "lesson_pack"
