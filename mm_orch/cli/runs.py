"""``muai runs …``: what became of each query."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from mm_orch.cli import failure, screen
from mm_orch.cli.local_time import local_time
from mm_orch.cli.options import AsJson, Verbose
from mm_orch.cli.sessions import stored

app = typer.Typer(help="List and show runs. 查看运行记录")


@app.command("list")
def list_runs(
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many. 数量")] = 50,
    json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """The last runs, newest first. 列出运行记录"""
    runs = stored().runs(limit)
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
    run: Annotated[str, typer.Argument(metavar="ID", help="As runs list shows it. 运行编号")],
    verbose: Verbose = False,
) -> None:
    """One run as JSON: question, answer, sources, timings, or its error. 以 JSON 显示一次运行"""
    failure.print_document(asdict(stored().run(run)))
