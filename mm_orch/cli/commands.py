"""The table of commands: what ``muai --help`` shows, and the way from a line of words into one of them."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup, TyperOption

from mm_orch import __version__
from mm_orch.cli import screen, words

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 120}

# Name: where it is, a function or a group. Only what a line names is imported; the help imports all.
_COMMANDS = {
    words.ASK: ("ask", "ask"),
    "lesson": ("lesson", "lesson"),
    "route": ("route", "route"),
    "pull": ("models", "pull"),
    "models": ("models", "app"),
    "workflows": ("workflows", "app"),
    "corpus": ("corpus", "app"),
    "sessions": ("sessions", "app"),
    "runs": ("runs", "app"),
    "bench": ("bench", "bench"),
    "doctor": ("doctor", "doctor"),
}


class _QuestionGroup(TyperGroup):
    """Shows the options of asking, which need no command, above the commands."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        options = [param for param in self.commands[words.ASK].get_params(ctx) if isinstance(param, TyperOption)]
        rows = [record for param in options if (record := param.get_help_record(ctx))]
        with formatter.section("Options"):
            formatter.write_dl(rows)
        self.format_commands(ctx, formatter)


def run(line: list[str], *, piped: bool) -> int:
    """Run the command that ``line`` means; ``piped`` tells whether stdin is no terminal. Returns the exit code."""
    arranged = words.arrange(line, _COMMANDS, _takes_value(), piped=piped)
    if arranged == ["--version"]:
        screen.out(f"muai {__version__}")
        return 0
    named = arranged[0] in _COMMANDS
    group = group_of([arranged[0]] if named else _COMMANDS)
    if named and (subcommands := getattr(group.commands[arranged[0]], "commands", None)):
        arranged = words.subcommand_first(arranged, subcommands)
    try:
        return group.main(arranged, prog_name="muai", standalone_mode=False) or 0
    except SystemExit as leaving:
        # The parser's own way of dealing with a reader that has gone while the help is printed.
        if isinstance(leaving.__context__, BrokenPipeError):
            raise screen.OutputClosed from leaving
        raise


def group_of(names: Iterable[str]) -> TyperGroup:
    """The program with only the commands called ``names``."""
    app = typer.Typer(
        cls=_QuestionGroup,
        context_settings=_SETTINGS,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        subcommand_metavar='"question" | COMMAND',
    )
    app.callback()(muai)
    for name in names:
        module, attribute = _COMMANDS[name]
        found = getattr(import_module(f"mm_orch.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    made = typer.main.get_command(app)
    assert isinstance(made, TyperGroup)
    return made


def muai(version: Annotated[bool, typer.Option("--version", help="Show the version. 显示版本")] = False) -> None:
    """MuAI answers with language models that run on your own machine. 在自己的电脑上运行的问答系统。

    \b
    muai --real-models "What is machine learning?"     search, read, answer with sources
    muai "什么是机器学习？"                            内置模拟回答，用于试用
    muai --real-models --mode chat                     a conversation; /help lists its commands
    """


def _takes_value() -> dict[str, bool]:
    """Each option of asking, and whether a value follows it."""
    params = [param for param in group_of([words.ASK]).commands[words.ASK].params if isinstance(param, TyperOption)]
    return {name: not param.is_flag for param in params for name in (*param.opts, *param.secondary_opts)}
