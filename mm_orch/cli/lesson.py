"""``muai lesson TOPIC``: the LessonPack workflow with options of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from mm_orch.cli.options import RunOptions, with_run_options
from mm_orch.cli.run_query import run_query
from mm_orch.cli.words import readable
from mm_orch.errors import InvalidInput

WORKFLOW = "lesson_pack"


@with_run_options
def lesson(
    options: RunOptions,
    topic: Annotated[list[str], typer.Argument(metavar="TOPIC...", help="What the lesson is about. 主题")],
    difficulty: Annotated[
        str | None,
        typer.Option("--difficulty", metavar="LEVEL", help="beginner, intermediate or advanced; 初级、中级、高级"),
    ] = None,
    exercises: Annotated[
        int | None, typer.Option("--exercises", "--num-exercises", metavar="N", help="How many exercises. 练习数量")
    ] = None,
) -> None:
    """Write a lesson: plan, explanation, exercises with answers. 生成一份教案"""
    text = readable(" ".join(topic).strip())
    if not text:
        raise InvalidInput("no_topic")
    if options.workflow not in (None, WORKFLOW):
        raise InvalidInput("lesson_workflow", own=WORKFLOW, workflow=options.workflow)
    own = {"topic": text, "difficulty": difficulty, "num_exercises": exercises}
    inputs = options.inputs() | {name: value for name, value in own.items() if value is not None}
    run_query(options, text, WORKFLOW, inputs)
