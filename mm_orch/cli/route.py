"""``muai route``: where a query would go and why, without running it."""

from __future__ import annotations

import json as json_format
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mm_orch.cli import screen, start
from mm_orch.cli.options import AsJson, ConfigFile, Verbose
from mm_orch.cli.words import readable
from mm_orch.errors import InvalidInput

if TYPE_CHECKING:
    from mm_orch.records.route import Route


def route(
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUERY...", help="None: one a line of stdin. 不写则逐行读取标准输入", show_default=False
        ),
    ] = None,
    config: ConfigFile = None,
    json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Where a query would go and why; queries from stdin are answered in JSON lines. 查看路由结果"""
    from mm_orch import settings
    from mm_orch.parts import load_catalogue, make_router

    chosen = settings.load(config)
    router = make_router(chosen, load_catalogue()[1])
    start.over()
    if query:
        text = readable(" ".join(query))
        found = router.route(text)
        screen.out(_json(text, found) if json else _text(found))
        return
    if screen.is_terminal(sys.stdin):
        raise InvalidInput("no_query")
    for line in sys.stdin:
        text = line.strip().removeprefix("\ufeff")
        if text:
            screen.out(_json(text, router.route(text)))


def _text(found: Route) -> str:
    others = [f"  {other.workflow} ({other.confidence:.0%})" for other in found.alternatives]
    return "\n".join([f"{found.workflow} ({found.confidence:.0%}): {found.reason}", *others])


def _json(query: str, found: Route) -> str:
    from mm_orch.exports import run_document

    return json_format.dumps({"query": query, **(run_document.of_route(found) or {})}, ensure_ascii=False)
