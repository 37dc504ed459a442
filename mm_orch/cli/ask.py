"""``muai "question"``: one query through the router. Also the door to chat and to the list of models."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from mm_orch.cli import screen
from mm_orch.cli.options import RunOptions, with_run_options
from mm_orch.cli.words import readable
from mm_orch.errors import InvalidInput, UnknownName

MODES = ("ask", "chat")
LONGEST = 200_000


@with_run_options
def ask(
    options: RunOptions,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUESTION...", help="Words of the question. 问题", show_default=False),
    ] = None,
    prompt: Annotated[
        str | None, typer.Option("--prompt", "-p", metavar="TEXT", help="The question, as llama.cpp names it. 问题")
    ] = None,
    mode: Annotated[
        str, typer.Option("--mode", metavar="ask|chat", help="One question, or a conversation. 单次提问或对话")
    ] = "ask",
    model_info: Annotated[
        bool, typer.Option("--model-info", help="List the models, or show the one named. 列出模型，或显示某个模型")
    ] = False,
) -> None:
    """Ask one question. 提一个问题。"""
    if mode not in MODES:
        raise UnknownName("mode", mode, MODES)
    said = readable(" ".join([*([prompt] if prompt is not None else []), *(words or ())]))
    if model_info:
        from mm_orch.cli import models

        models.show_or_list(said or None, options.config, as_json=options.json)
    elif mode == "chat":
        if options.save:
            raise InvalidInput("save_in_chat")
        from mm_orch.cli import chat

        chat.run(options, said)
    else:
        from mm_orch.cli.run_query import run_query

        run_query(options, question(said), options.workflow, options.inputs())


def question(said: str) -> str:
    """What was said, then what is piped in. Raises ``InvalidInput`` for too little or too much."""
    piped = "" if screen.is_terminal(sys.stdin) or sys.stdin is None else _read_stdin()
    text = "\n\n".join(part for part in (said.strip(), piped.strip()) if part)
    if not text:
        raise InvalidInput("no_question")
    if len(text) > LONGEST:
        raise InvalidInput("question_too_long", most=LONGEST)
    return text


def _read_stdin() -> str:
    return sys.stdin.read(LONGEST + 1).removeprefix("\ufeff")
