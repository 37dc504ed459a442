"""The table of commands: what ``muai --help`` shows, and the way from a line of words into one of them."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup, TyperOption

from mm_orch import __version__
from mm_orch.cli import models, runs, screen, sessions, words, workflows
from mm_orch.cli.ask import ask
from mm_orch.cli.doctor import doctor
from mm_orch.cli.lesson import lesson
from mm_orch.cli.route import route

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 120}


class _QuestionGroup(TyperGroup):
    """Shows the options of asking, which need no command, above the commands."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        question = self.commands[words.ASK]
        options = [param for param in question.get_params(ctx) if isinstance(param, TyperOption)]
        rows = [record for param in options if (record := param.get_help_record(ctx))]
        with formatter.section("Options"):
            formatter.write_dl(rows)
        self.format_commands(ctx, formatter)


app = typer.Typer(
    cls=_QuestionGroup,
    context_settings=_SETTINGS,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    subcommand_metavar='"question" | COMMAND',
)
app.command(words.ASK)(ask)
app.command("lesson")(lesson)
app.command("route")(route)
app.command("pull")(models.pull)
app.add_typer(models.app, name="models")
app.add_typer(workflows.app, name="workflows")
app.add_typer(sessions.app, name="sessions")
app.add_typer(runs.app, name="runs")
app.command("doctor")(doctor)


@app.callback()
def muai(
    version: Annotated[bool, typer.Option("--version", help="Show the version. 显示版本")] = False,
) -> None:
    """MuAI answers with language models that run on your own machine. 在自己的电脑上运行的问答系统。

    \b
    muai --real-models "What is machine learning?"     search, read, answer with sources
    muai "什么是机器学习？"                            内置模拟回答，用于试用
    muai --real-models --mode chat                     a conversation; /help lists its commands
    """


def run(line: list[str], *, piped: bool) -> int:
    """Run the command that ``line`` means; ``piped`` tells whether stdin is no terminal. Returns the exit code."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    known = {name: getattr(command, "commands", {}).keys() for name, command in group.commands.items()}
    arranged = words.arrange(line, known, _takes_value(group), piped=piped)
    if arranged == ["--version"]:
        screen.out(f"muai {__version__}")
        return 0
    return group.main(arranged, prog_name="muai", standalone_mode=False) or 0


def _takes_value(group: TyperGroup) -> dict[str, bool]:
    options = [param for param in group.commands[words.ASK].params if isinstance(param, TyperOption)]
    return {name: not option.is_flag for option in options for name in (*option.opts, *option.secondary_opts)}
