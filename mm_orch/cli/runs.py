"""``muai runs …``: what became of each query, and the same again from what was recorded."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from mm_orch.cli import failure, screen
from mm_orch.cli.local_time import local_time
from mm_orch.cli.options import AsJson, ConfigFile, RunOptions, Verbose, with_run_options
from mm_orch.cli.stored import stored, wait

app = typer.Typer(help="List, show, resume and replay runs. 查看、继续和重放运行记录")
Id = Annotated[str, typer.Argument(metavar="ID", help="As runs list shows it. 运行编号")]


@app.command("list")
def list_runs(
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many. 数量")] = 50,
    json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """The last runs, newest first. 列出运行记录"""
    runs = wait(stored().runs(limit))
    if json:
        rows = [{key: value for key, value in asdict(run).items() if key != "document"} for run in runs]
        failure.print_document({"runs": rows})
        return
    if not runs:
        screen.note("no run is stored yet")
    for run in runs:
        query = " ".join(run.query.split())[:60]
        screen.out(f"{run.id}  {local_time(run.created)}  {run.status:<11}  {run.workflow or '-':<14}  {query}")


@app.command("show")
def show_run(
    run: Id,
    prompts: Annotated[
        bool, typer.Option("--prompts", help="Prompts and outputs in full. 完整显示提示词和输出")
    ] = False,
    json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """What every step of a run asked, got and wrote, and how the answer was checked. 显示一次运行的全部步骤"""
    from mm_orch.cli.run_view import RunView

    store = stored()
    found, calls = wait(store.run(run)), wait(store.calls(run))
    if json:
        failure.print_document({**asdict(found), "calls": [asdict(call) for call in calls]})
        return
    screen.out("\n".join(RunView(found, calls, prompts).lines()))


@app.command("replay")
def replay_run(
    run: Id,
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", metavar="NAME", help="Let this model write anew. 换一个模型重新生成"),
    ] = None,
    json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress. 不显示进度")] = False,
    verbose: Verbose = False,
    config: ConfigFile = None,
) -> None:
    """Answer again from what was recorded, with no network and no model, and compare. 根据记录重放并比较结果"""
    from mm_orch.cli import replay_command

    options = RunOptions(model=model, json=json, quiet=quiet, verbose=verbose, config=config)
    replay_command.replay(options, run)


@app.command("resume")
@with_run_options
def resume_run(options: RunOptions, run: Id) -> None:
    """Go on with a run that was interrupted or failed; what it had is not asked again. 继续中断或失败的运行"""
    from mm_orch.cli.run_query import resume_query

    resume_query(options, run)
