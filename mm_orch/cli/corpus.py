"""``muai corpus …``: the local documents that ``--search corpus`` reads."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mm_orch.cli import corpus_view, failure, screen, start
from mm_orch.cli.corpus_view import AddingView
from mm_orch.cli.options import AsJson, ConfigFile, Verbose
from mm_orch.cli.words import readable
from mm_orch.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    from mm_orch.corpus.library import Library
    from mm_orch.settings import Settings

app = typer.Typer(help="Add, list, remove and search local documents. 管理本地文档")
_NONE = "no document is added yet; until then searches read MuAI's own documentation"
_NAMED_IN_ERRORS = 10


@app.command("add")
def add_documents(
    sources: Annotated[
        list[str], typer.Argument(metavar="PATH|URL...", help="Files, folders, web pages. 文件、文件夹或网页地址")
    ],
    config: ConfigFile = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress. 不显示进度")] = False,
    verbose: Verbose = False,
) -> None:
    """Read documents into the corpus; what did not change is skipped. 添加文档，未改动的跳过"""
    from mm_orch import settings

    chosen = settings.load(config)
    start.over()
    view = AddingView(quiet=quiet, verbose=verbose)
    try:
        with _library(chosen, make=True) as library:
            failed = asyncio.run(_add(chosen, library, sources, view))
    finally:
        view.close()
        screen.out(corpus_view.summary(view.counts))
    if failed:
        raise typer.Exit(1)


@app.command("list")
def list_documents(json: AsJson = False, config: ConfigFile = None, verbose: Verbose = False) -> None:
    """The documents that were added, by address. 列出文档"""
    from mm_orch import settings
    from mm_orch.corpus.address import shown

    with _library(settings.load(config)) as library:
        documents = library.index.documents()
    if json:
        rows = [corpus_view.document(each, shown(each.address)) for each in documents]
        failure.print_document({"documents": rows, "searches_own_documentation": not rows})
        return
    if not documents:
        screen.note(_NONE)
    for each in documents:
        screen.out(corpus_view.line(each, shown(each.address)))


@app.command("remove")
def remove_documents(
    documents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH|URL|ID...", help="Files, folders, addresses, numbers of list. 路径、网址或编号"
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every document. 全部文档")] = False,
    config: ConfigFile = None,
    verbose: Verbose = False,
) -> None:
    """Remove documents from the corpus; no file is deleted. 从语料库移除文档，不删除文件"""
    from mm_orch import settings

    if bool(documents) == everything:
        raise InvalidInput("no_document_named")
    with _library(settings.load(config)) as library:
        chosen = [each.address for each in library.index.documents()] if everything else []
        for name in documents or ():
            chosen.extend(_named(library, name))
        removed = library.index.remove(dict.fromkeys(chosen))
    screen.out(f"{removed} removed")


@app.command("search")
def search_documents(
    question: Annotated[list[str], typer.Argument(metavar="QUESTION...", help="What to look for. 要查的内容")],
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="Most passages. 最多几段")] = 5,
    json: AsJson = False,
    config: ConfigFile = None,
    verbose: Verbose = False,
) -> None:
    """The passages that suit a question best, without a model. 查找最相关的段落，不用模型"""
    from mm_orch import settings

    with _library(settings.load(config)) as library:
        passages = library.search.passages(readable(" ".join(question)), limit)
    if json:
        failure.print_document({"passages": [corpus_view.passage(each) for each in passages]})
        return
    if not passages:
        screen.note("nothing was found: no document has any of these words")
    for each in passages:
        screen.out(corpus_view.found(each))


async def _add(chosen: Settings, library: Library, sources: list[str], view: AddingView) -> list[str]:
    from mm_orch import parts
    from mm_orch.corpus.adding import Adding
    from mm_orch.corpus.preparing import Preparing
    from mm_orch.documents.extraction import ExtractionPool

    pages = parts.typed_pages(chosen)
    pool, preparing = ExtractionPool(limit_s=chosen.fetch.timeout_s * 4), Preparing()
    try:
        most = chosen.corpus.max_bytes
        return await Adding(library.index, pool, pages, preparing, view.tell, max_bytes=most).add(sources)
    finally:
        pages.close()
        preparing.close()
        pool.close()


def _library(chosen: Settings, *, make: bool = False) -> Library:
    """The corpus; where none was made yet, no file is made unless documents are to be added."""
    from mm_orch import resources
    from mm_orch.corpus.library import Library

    return Library(resources.home(), keep=make)


def _named(library: Library, name: str) -> list[str]:
    """The addresses that a path, a URL or a number stands for."""
    from mm_orch.corpus.address import is_web, of_path

    address = name if is_web(name) else of_path(Path(os.path.realpath(Path(name).expanduser())))
    documents = library.index.documents()
    inside = library.index.addresses(address)
    found = [each.address for each in documents if each.address == address or str(each.id) == name] + inside
    if not found:
        raise UnknownName("document", name, [str(each.id) for each in documents[:_NAMED_IN_ERRORS]])
    return found
