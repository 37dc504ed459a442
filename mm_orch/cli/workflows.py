"""``muai workflows …``: which workflows there are, whether a file is sound, and how it looks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mm_orch.cli import failure, screen
from mm_orch.cli.options import AsJson, Verbose
from mm_orch.errors import DefinitionError, InvalidInput

if TYPE_CHECKING:
    from mm_orch.workflows.definition import Definition

app = typer.Typer(help="List, show, check and draw workflows. 管理工作流")
Name = Annotated[str, typer.Argument(metavar="NAME", help="A workflow's name, or a YAML file. 名称或文件")]


@app.command("list")
def list_workflows(json: AsJson = False, verbose: Verbose = False) -> None:
    """All workflows, shipped and your own. 列出工作流"""
    from mm_orch.parts import load_catalogue

    catalogue = load_catalogue()[1]
    for error in catalogue.broken.values():
        screen.note(f"warning: left out: {error}")
    found = catalogue.definitions.values()
    if json:
        rows = [{"name": one.name, "description": dict(one.description), "file": str(one.path)} for one in found]
        failure.print_document({"workflows": rows})
        return
    width = max(len(one.name) for one in found)
    for one in found:
        screen.out(f"{one.name:<{width}}  {one.description.get('en', '')}")
        if one.description.get("zh") not in (None, one.description.get("en")):
            screen.out(f"{'':<{width}}  {one.description['zh']}")


@app.command("show")
def show_workflow(name: Name, verbose: Verbose = False) -> None:
    """A workflow's inputs, steps and file. 显示工作流"""
    found = _definition(name)
    screen.out(
        f"{found.name}: {found.title.get('en', '')} / {found.title.get('zh', '')}\nfile: {found.path}\n\ninputs:"
    )
    for key, kind in found.inputs.items():
        default = getattr(kind, "default", None)
        mark = " (takes the question)" if key == found.query_input else ""
        screen.out(f"  {key}: {kind.type}{'' if default is None else f', default {default!r}'}{mark}")
    screen.out("\nsteps:")
    for step in found.steps:
        reads, writes = ", ".join(step.keys_read().values()), ", ".join(step.writes.values())
        guard = f"  when {step.when}" if step.when else ""
        screen.out(f"  {step.id} ({step.kind}): {reads or '-'} -> {writes}{guard}")


@app.command("check")
def check_workflows(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE...", help="None: every file. 不写则检查全部", show_default=False),
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Whether workflow files are sound; what is wrong, by file, step and key. 检查工作流文件"""
    from mm_orch.parts import load_catalogue

    if files:
        for file in files:
            _sound(_definition(file))
        return
    catalogue = load_catalogue()[1]
    for definition in catalogue.definitions.values():
        _sound(definition)
    for error in catalogue.broken.values():
        screen.note(failure.line(error))
    if catalogue.broken:
        raise typer.Exit(DefinitionError.exit_code)


@app.command("draw")
def draw_workflow(
    name: Name,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="A .mmd file. 输出文件")
    ] = None,
    verbose: Verbose = False,
) -> None:
    """The graph of a workflow as Mermaid. 画出工作流"""
    from mm_orch.workflows.drawing import mermaid

    drawn = mermaid(_definition(name))
    if output is None:
        screen.out(drawn)
        return
    if output.suffix.lower() != ".mmd":
        raise InvalidInput("output_ending", path=str(output))
    try:
        output.write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise InvalidInput("option_not_written", option="--output", path=str(output), why=error.strerror) from error
    screen.note(f"wrote {output}")


def _sound(definition: Definition) -> None:
    screen.out(f"{definition.path}: sound")
    for note in definition.notes:
        screen.note(f"note: {definition.path}: {note}")


def _definition(name: str) -> Definition:
    from mm_orch import resources, settings
    from mm_orch.parts import load_catalogue
    from mm_orch.prompts import PromptLibrary
    from mm_orch.workflows.definition import load_file

    if Path(name).suffix.lower() in (".yaml", ".yml"):
        return load_file(Path(name), PromptLibrary.load(resources.folders("prompts")), settings.models)
    return load_catalogue()[1].get(name)
