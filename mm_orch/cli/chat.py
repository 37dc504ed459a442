"""``muai --mode chat``: a conversation at the prompt. Reads lines, shows answers."""

from __future__ import annotations

import contextlib
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import typer

from mm_orch.cli import chat_commands, failure, screen
from mm_orch.cli.answer_view import AnswerView
from mm_orch.cli.chat_state import ChatState
from mm_orch.cli.options import RunOptions
from mm_orch.cli.progress import progress
from mm_orch.cli.run_query import open_app, tell_more
from mm_orch.errors import InvalidInput, MuAIError
from mm_orch.language.detection import detect

if TYPE_CHECKING:
    from mm_orch.cli.chat_commands import Turn

PROMPT = "> "


def run(options: RunOptions, first: str) -> None:
    """Talk until the input ends or ``/exit``; ``first`` is said before anything is read.

    A failed turn is told and the conversation goes on; with piped input it also makes the exit code 1.
    """
    typed = screen.is_terminal(sys.stdin)
    shown = progress(quiet=options.quiet, verbose=options.verbose)
    state = ChatState(options, open_app(options, shown))
    shown.close()
    try:
        if typed and not options.quiet:
            screen.note(f"{state.greeting()}  /help lists the commands, Ctrl-D leaves.")
        _converse(state, first, typed=typed)
    finally:
        state.app.close()
    if typed and state.session_id and state.app.settings.storage.keep and not options.quiet:
        model = "--real-models " if state.app.settings.real_models else ""
        screen.note(f"To continue: muai {model}--mode chat --session {state.session_id}")
    if state.failed and not typed:
        raise typer.Exit(1)


def _converse(state: ChatState, first: str, *, typed: bool) -> None:
    line: str | None = first
    while line is not None and not state.left:
        if line.strip():
            _take(state, line.strip())
        if not state.left:
            line = _read(typed=typed)


def _take(state: ChatState, line: str) -> None:
    try:
        turn = chat_commands.meaning(state, line)
        if turn is not None:
            _answer(state, turn)
    except (MuAIError, OSError) as error:
        state.failed = True
        failure.report(error, as_json=state.options.json, verbose=state.options.verbose)


def _answer(state: ChatState, turn: Turn) -> None:
    """Run one turn and show it. Ctrl-C stops the answer; what was said of it stays in the history."""
    from mm_orch.exports import run_document
    from mm_orch.records.query import Query

    options = state.options
    query = Query(turn.text, turn.workflow, state.session_id, turn.inputs, state.app.settings.language)
    screen.speak(options.spoken(turn.text))
    shown = progress(quiet=options.quiet, verbose=options.verbose, language=detect(turn.text))
    view = AnswerView(shown, stream=options.stream, printed=not options.json)
    try:
        with closing(state.app.stream(query)) as events:  # type: ignore[type-var]
            state.result = view.follow(told.event for told in events)
    except KeyboardInterrupt:
        screen.note("stopped")
        return
    finally:
        if view.run is not None:
            state.session_id = view.run.session_id
    if not options.quiet:
        tell_more(shown, state.result, verbose=options.verbose)
    if options.json:
        screen.out(json.dumps(run_document.of_result(state.result), ensure_ascii=False))


def _read(*, typed: bool) -> str | None:
    """The next line; None when the input has ended. Ctrl-C at the prompt only empties the line."""
    if not typed:
        line = sys.stdin.readline(chat_commands.LONGEST + 1)
        if len(line) > chat_commands.LONGEST:
            raise InvalidInput("line_too_long", most=chat_commands.LONGEST)
        return line or None
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  (input() edits lines and remembers them once it is imported)
    while True:
        try:
            return input(PROMPT)
        except EOFError:
            screen.note("")
            return None
        except KeyboardInterrupt:
            screen.note("\n/exit or Ctrl-D leaves")
