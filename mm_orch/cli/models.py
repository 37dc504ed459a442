"""``muai models …``, ``muai --model-info`` and ``muai pull``: which there are, fetching, checking."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mm_orch.cli import failure, screen
from mm_orch.cli.downloads_view import DownloadsView, human_size
from mm_orch.cli.options import AsJson, ConfigFile, Verbose
from mm_orch.cli.progress import progress
from mm_orch.errors import ModelError, NotEnoughMemory

if TYPE_CHECKING:
    from mm_orch.records.model_config import ModelConfig

app = typer.Typer(help="List, show, fetch, remove, merge and check models. 管理模型")
Name = Annotated[
    str, typer.Argument(metavar="NAME", help="A name from models.yaml, a .gguf file, or user/repo[:QUANT]. 模型名")
]


@app.command("list")
def list_models(config: ConfigFile = None, json: AsJson = False, verbose: Verbose = False) -> None:
    """The configured models and whether they are on this machine. 列出模型"""
    show_or_list(None, config, as_json=json)


@app.command("show")
def show_model(name: Name, config: ConfigFile = None, json: AsJson = False, verbose: Verbose = False) -> None:
    """How one model is configured and where its file is. 显示某个模型"""
    show_or_list(name, config, as_json=json)


@app.command("pull")
def pull(
    name: Name,
    config: ConfigFile = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress. 不显示进度")] = False,
    verbose: Verbose = False,
) -> None:
    """Fetch a GGUF model into the Hugging Face cache. 下载 GGUF 模型"""
    from mm_orch import settings
    from mm_orch.parts import make_manager

    shown = progress(quiet=quiet, verbose=verbose)
    view = DownloadsView(shown)
    try:
        manager = make_manager(settings.load(config), announce=view.announce, progress=view.progress)
        with manager:
            path = manager.pull_model(name)
    finally:
        shown.close()
    screen.out(str(path))


@app.command("check")
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .gguf file, or a model's name. 模型文件")],
    config: ConfigFile = None,
    verbose: Verbose = False,
) -> None:
    """Whether a model file is sound: its header, and whether llama.cpp loads it. 检查模型文件"""
    from mm_orch import settings
    from mm_orch.parts import make_manager

    with make_manager(settings.load(config, {"offline": True})) as manager:
        chosen = manager.config(_as_path(file))
        try:
            facts = manager.load_model(chosen).facts
        except NotEnoughMemory as error:
            screen.out(f"{file}: the header is sound; not loaded: {error}")
            return
    screen.out(
        f"{file}: sound ({facts.architecture}, {facts.n_params / 1e6:,.0f} M parameters, "
        f"{human_size(facts.size_bytes)}, context {facts.n_ctx_train} tokens)"
    )


@app.command("merge")
def merge(
    first: Annotated[
        str, typer.Argument(metavar="FIRST_PART", help="…-00001-of-0000N.gguf, or a model. 第一个分片")
    ],
    out: Annotated[
        Path | None, typer.Argument(metavar="OUT.gguf", help="Default: in the current folder. 输出文件")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress. 不显示进度")] = False,
    verbose: Verbose = False,
) -> None:
    """Make one file of a split model. 合并分片"""
    from mm_orch.runtime import model_loader
    from mm_orch.runtime.merge import merge as merge_parts

    path = model_loader.resolve(_config(_as_path(first)))
    shown = progress(quiet=quiet, verbose=verbose)
    try:
        merged = merge_parts(path, out, DownloadsView(shown).progress)
    finally:
        shown.close()
    screen.out(str(merged))


@app.command("remove")
def remove(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask. 不询问")] = False,
    config: ConfigFile = None,
    verbose: Verbose = False,
) -> None:
    """Delete a fetched model from the Hugging Face cache. 删除已下载的模型"""
    from mm_orch.runtime import removal

    plan = removal.plan(_config(name))
    files = ", ".join(plan.names)
    if not yes and not typer.confirm(f"Delete {files} ({human_size(plan.size)}) of {plan.repo}?", err=True):
        raise typer.Exit(1)
    removal.remove(plan)
    screen.out(f"deleted {files}, {human_size(plan.size)}")


def show_or_list(name: str | None, config_file: Path | None, *, as_json: bool) -> None:
    """One model in detail, or all in a table."""
    from mm_orch import settings

    chosen = settings.load(config_file)
    if name is not None:
        _show(_config(name), as_json=as_json)
        return
    rows = [_row(config, default=config.name == chosen.model) for config in settings.models().values()]
    if as_json:
        failure.print_document({"models": rows})
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        mark = "*" if row["default"] else " "
        screen.out(f"{mark} {row['name']:<{width}}  {row['state']:<12}  {row['description']}".rstrip())
    screen.out("\n* the default with --real-models.   muai --model-info NAME shows one, muai pull NAME fetches it.")


def _show(config: ModelConfig, *, as_json: bool) -> None:
    row = _row(config, default=False)
    given = {item.name: getattr(config, item.name) for item in fields(config)}
    shown = {key: value for key, value in given.items() if value not in (None, "", {})} | {
        key: row[key] for key in ("state", "file", "size") if row[key] is not None
    }
    if as_json:
        failure.print_document(shown)
        return
    width = max(len(key) for key in shown)
    for key, value in shown.items():
        screen.out(f"{key:<{width}}  {human_size(value) if key == 'size' else value}")
    if row["hint"]:
        screen.out(f"\n{row['hint']}")


def _row(config: ModelConfig, *, default: bool) -> dict[str, Any]:
    from mm_orch.runtime import model_loader

    path, hint = None, ""
    try:
        path = model_loader.find(config)
        missing = model_loader.not_here(config).hint if path is None else ""
        state, hint = ("not here", missing) if path is None else ("here" if path.is_file() else "missing", "")
    except ModelError as error:
        state, hint = "unavailable", str(error)
    here = path is not None and path.is_file()
    return {
        "name": config.name,
        "state": state,
        "default": default,
        "description": config.description or hint,
        "file": str(path) if path else None,
        "size": os.path.getsize(path) if path and here else None,
        "hint": hint,
    }


def _config(name: str) -> ModelConfig:
    from mm_orch import settings
    from mm_orch.runtime.catalogue import Catalogue

    return Catalogue(settings.models()).config(name)


def _as_path(text: str) -> str:
    """A bare file name of this folder counts as a path even without ``./`` and ``.gguf``."""
    return str(Path(text).absolute()) if os.path.exists(text) else text
