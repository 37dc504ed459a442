"""``muai sessions …``: the conversations that were kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from mm_orch.cli import failure, screen
from mm_orch.cli.local_time import local_time
from mm_orch.cli.options import AsJson, Verbose
from mm_orch.cli.stored import stored, wait

app = typer.Typer(help="List, show and delete kept conversations. 管理会话")
Id = Annotated[str, typer.Argument(metavar="ID", help="As sessions list shows it. 会话编号")]


@app.command("list")
def list_sessions(json: AsJson = False, verbose: Verbose = False) -> None:
    """All sessions, the one last used first. 列出会话"""
    sessions = wait(stored().sessions())
    if json:
        failure.print_document({"sessions": [asdict(session) for session in sessions]})
        return
    if not sessions:
        screen.note("no session is stored yet")
    for session in sessions:
        screen.out(f"{session.id:<10}  {local_time(session.updated)}  {session.messages:>4}  {session.title}")


@app.command("show")
def show_session(session: Id, json: AsJson = False, verbose: Verbose = False) -> None:
    """What was said in one session. 显示会话内容"""
    store = stored()
    found, messages = wait(store.session(session)), wait(store.messages(session))
    if json:
        failure.print_document({**asdict(found), "messages": [asdict(message) for message in messages]})
        return
    for message in messages:
        screen.out(f"{message.role} ({local_time(message.created)}):\n{message.content}\n")


@app.command("delete")
def delete_sessions(
    sessions: Annotated[list[str], typer.Argument(metavar="ID...", help="One or more sessions. 会话编号")],
    verbose: Verbose = False,
) -> None:
    """Delete sessions with all their messages and runs. 删除会话"""
    store = stored()
    for session in sessions:
        wait(store.delete_session(session))
        screen.out(f"deleted {session}")
