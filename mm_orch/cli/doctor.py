"""``muai doctor``: does everything work here, what does MuAI run on, and what to do about what is wrong."""

from __future__ import annotations

import asyncio
import platform
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mm_orch import __version__
from mm_orch.cli import failure, screen, start
from mm_orch.cli.downloads_view import DownloadsView, human_size
from mm_orch.cli.options import ConfigFile, Verbose
from mm_orch.cli.progress import PlainProgress
from mm_orch.errors import ConfigError, EngineError, MuAIError, StorageError

if TYPE_CHECKING:
    from mm_orch.settings import Settings

_PACKAGES = ("llama-cpp-python", "langgraph", "ddgs", "trafilatura", "huggingface_hub")
_SAID = "Hello"


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at: ``model`` None is the configured one."""

    model: str | None
    config: Path | None

    def settings(self) -> Settings:
        """The settings, for a real model and a short answer. Raises ``SettingsError``."""
        from mm_orch import settings

        changes = {"real_models": True, "model": self.model, "generation.max_tokens": 32}
        return settings.load(self.config, changes)


def doctor(
    model: Annotated[
        str | None, typer.Option("--model", "-m", metavar="NAME", help="Another model than the default. 指定模型")
    ] = None,
    config: ConfigFile = None,
    verbose: Verbose = False,
) -> None:
    """Load a model, generate, and say what is wrong. 检查安装是否正常"""
    start.over()
    patient = Patient(model, config)
    failed = [title for title, check in _CHECKS.items() if not _passes(title, check, patient, verbose=verbose)]
    if failed:
        screen.out(f"\nNot working: {', '.join(failed)}. What to do stands above. 有问题，处理办法见上。")
        raise typer.Exit(1)
    screen.out("\nEverything works. 一切正常。")


def _passes(title: str, check: Callable[[Patient], Iterator[str]], patient: Patient, *, verbose: bool) -> bool:
    screen.out(f"{title}:")
    try:
        for line in check(patient):
            screen.out(f"  {line}")
    except Exception as error:
        screen.out(f"  {failure.line(error)}")
        if verbose or not isinstance(error, MuAIError):
            screen.note(failure.trace(error))
        return False
    return True


def _program(patient: Patient) -> Iterator[str]:
    yield f"muai {__version__}, Python {platform.python_version()}, {platform.platform()}"
    yield ", ".join(f"{name} {metadata.version(name)}" for name in _PACKAGES)


def _machine(patient: Patient) -> Iterator[str]:
    from mm_orch.runtime.machine import machine

    found = machine()
    threads = patient.settings().engine.threads or found.physical_cores
    yield f"{found.physical_cores} physical cores, {threads} threads for a model"
    yield f"memory: {human_size(found.total_memory)}, of it {human_size(found.available_memory)} available"


def _files(patient: Patient) -> Iterator[str]:
    from mm_orch import resources
    from mm_orch.database import FILE_NAME, Database
    from mm_orch.parts import load_catalogue

    home = resources.home()
    yield f"home: {home}" + ("" if home.is_dir() else " (made at first use)")
    patient.settings()
    prompts, catalogue = load_catalogue()
    yield f"{len(prompts.ids)} prompts, workflows: {', '.join(catalogue.definitions)}"
    if catalogue.broken:
        raise ConfigError(
            "text", text="; ".join(error.said(screen.language()) for error in catalogue.broken.values())
        )
    if not (home / FILE_NAME).exists():
        yield "no database yet"
        return
    database = Database.open(home)
    problems = database.integrity()
    database.close()
    if problems:
        raise StorageError("database_damaged", path=home / FILE_NAME, why=problems[0])
    yield f"database: {home / FILE_NAME}, sound"


def _search(patient: Patient) -> Iterator[str]:
    """What is configured; nobody is asked."""
    from mm_orch import parts, resources
    from mm_orch.corpus.library import Library
    from mm_orch.providers.registry import PROVIDERS, named

    chosen = patient.settings()
    parts.make_providers(chosen, chosen.search.providers)[1].close()
    yield f"asks {', '.join(chosen.search.providers)}" + (", but nobody offline" if chosen.offline else "")
    keys = [entry.key for entry in PROVIDERS if entry.variables]
    yield ", ".join(f"{key.variable} is {'set' if key.value else 'not set'}" for key in keys)
    with Library(resources.home(), keep=False) as library:
        mine = len(library.index.documents())
        yield f"corpus: {mine} documents of yours" if mine else "corpus: empty; MuAI's own documents are searched"
    for name in chosen.search.providers:
        entry = named(name)
        if entry.variables:
            entry.key.header("")
        elif entry.name == "searxng" and not chosen.search.searxng_url:
            raise ConfigError("searxng_not_set")


def _model(patient: Patient) -> Iterator[str]:
    from mm_orch import app, parts
    from mm_orch.records.query import Query

    chosen = patient.settings()
    view = DownloadsView(PlainProgress(prompts=False))
    started = time.monotonic()
    with app.build(
        chosen, announce=view.announce, progress=view.progress, store=parts.open_store(keep=False)
    ) as built:
        info = asyncio.run(built.engine.info())
        yield f"{info.model}: loaded in {time.monotonic() - started:.1f} s, context {info.context_length} tokens"
        yield from _devices(built.engine, info.device)
        result = built.run(Query(_SAID, "chat_generate"))
        if not result.answer.strip():
            raise EngineError("model_wrote_nothing", model=info.model)
        seconds, tokens = result.timings["total"], result.usage.completion_tokens
        shown = " ".join(result.answer.split())[:100]
        yield f"{_SAID!r} was answered with {tokens} tokens in {seconds:.1f} s: {shown}"


def _devices(engine: Any, device: str) -> Iterator[str]:
    from mm_orch.runtime import gpu_build

    found = engine.get_device_capabilities()
    gpus = [one for one in found["devices"] if "gpu" in one["kind"]]
    yield f"runs on {device}; llama.cpp finds: {', '.join(map(_described, found['devices']))}"
    here = None if gpus else gpu_build.find()
    if here is not None:
        yield f"{here.name} is not used: this llama.cpp was not built for it. {_rebuild(here.build)}"
    elif not gpus:
        yield "no GPU is here that llama.cpp could be built for"


def _described(device: Mapping[str, Any]) -> str:
    free = f", {human_size(device['free_bytes'])} free" if device["free_bytes"] else ""
    return f"{device['name']} ({device['backend']}, {device['description']}{free})"


def _rebuild(build: str) -> str:
    root = Path(__file__).resolve().parents[2]
    if (root / "scripts" / "setup").is_file():
        return f"Build it: {root / 'scripts' / 'setup'} --{build}"
    again = "pip install --force-reinstall --no-cache-dir --no-binary llama-cpp-python llama-cpp-python"
    return f'Build it: CMAKE_ARGS="-DGGML_{build.upper()}=on" {again}'


_CHECKS: dict[str, Callable[[Patient], Iterator[str]]] = {
    "program": _program,
    "machine": _machine,
    "files": _files,
    "search": _search,
    "model": _model,
}
