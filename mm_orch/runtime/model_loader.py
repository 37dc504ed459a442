"""From a model's configuration to the file that holds it, and to what the engine's child is told about it."""

from __future__ import annotations

import contextlib
import importlib.metadata
from collections.abc import Iterable
from pathlib import Path

from mm_orch.engine import gguf
from mm_orch.engine.host import physical_cores
from mm_orch.errors import ChatTemplateError, ModelNotFound
from mm_orch.records.load_spec import LoadSpec
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime import file_choice, hub_cache
from mm_orch.runtime.model_name import RepositoryName, is_path, repository

__all__ = ["ModelConfig", "find", "load_spec", "not_here", "resolve"]

DEFAULT_CONTEXT = 8192
_KV_TYPES = {"auto": "f16", "fp16": "f16", "fp32": "f32", "bf16": "bf16", "q8_0": "q8_0", "q4_0": "q4_0"}


def resolve(config: ModelConfig) -> Path:
    """The model's (first) file, checked to be one.

    Raises ``ModelNotFound`` where there is none, naming what fetches it, and ``ModelLoadError`` for what is no
    GGUF model.
    """
    path = find(config)
    if path is None:
        raise not_here(config)
    gguf.check(path)
    return path


def find(config: ModelConfig) -> Path | None:
    """Where the model's (first) file is; None for a repository that was not fetched yet."""
    config.check_usable()
    if config.path:
        return Path(config.path).expanduser().absolute()
    if config.package:
        return _packaged(config)
    if is_path(config.model_name):
        return Path(config.model_name).expanduser().absolute()
    return _cached(config)


def choose(names: Iterable[str], wanted: RepositoryName, config: ModelConfig) -> tuple[str, ...]:
    """Of the files of a repository those that the name and the configuration mean, as ``file_choice.choose``."""
    return file_choice.choose(
        names,
        repo=wanted.repo,
        quantization=wanted.quantization or config.quantization,
        filename=wanted.filename or config.filename,
    )


def not_here(config: ModelConfig) -> ModelNotFound:
    """The error for a model that would have to be fetched."""
    if repository(config.model_name) is None:
        hint = "Give a name from models.yaml, a path to a .gguf file, or user/repo[:QUANT]"
        return ModelNotFound(f"there is no model {config.name!r}", hint=hint)
    return ModelNotFound(f"model {config.name!r} is not on this machine", hint=f"Fetch it: muai pull {config.name}")


def load_spec(config: ModelConfig, path: Path, default_context: int | None = None) -> LoadSpec:
    """What the child is told. ``default_context`` is in tokens, for a model that names none of its own."""
    header = gguf.read_header(path)
    trained = header.context_length or DEFAULT_CONTEXT
    context = config.max_context_length or min(default_context or DEFAULT_CONTEXT, trained)
    return LoadSpec(
        path=str(path),
        n_ctx=context,
        n_threads=config.n_threads or physical_cores(),
        n_gpu_layers=_layers(config),
        kv_type=_KV_TYPES[config.dtype],
        flash_attention=config.flash_attention,
        adapters=tuple((str(Path(file).expanduser().absolute()), scale) for file, scale in config.lora.items()),
        chat_template=_template(config),
        model_type=config.model_type,
        embedding=bool(header.of_architecture("pooling_type")),
    )


def _layers(config: ModelConfig) -> int | None:
    if config.device == "cpu":
        return 0
    if config.n_gpu_layers is None and config.device != "auto":
        return -1
    return config.n_gpu_layers


def _template(config: ModelConfig) -> str | None:
    """The chat template: its text, or the text of the ``.jinja`` file that is named."""
    template = config.chat_template
    if template is None or not template.endswith(".jinja"):
        return template
    try:
        return Path(template).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"chat_template {template!r} of model {config.name!r} cannot be read"
        raise ChatTemplateError(message, hint="Give the text of a template, or a .jinja file") from error


def _packaged(config: ModelConfig) -> Path:
    """The GGUF file that an installed package carries; the package is not imported."""
    package = config.package or ""
    name = package.replace("_", "-")
    try:
        files = importlib.metadata.files(name) or []
    except importlib.metadata.PackageNotFoundError:
        message = f"model {config.name!r} comes with the package {name!r}, which is not installed"
        raise ModelNotFound(message, hint=f"Install it: pip install {name}") from None
    paths = {file.as_posix(): file for file in files}
    chosen = file_choice.choose(paths, repo=package, quantization=config.quantization, filename=config.filename)
    return Path(str(paths[chosen[0]].locate()))


def _cached(config: ModelConfig) -> Path | None:
    wanted = repository(config.model_name)
    if wanted is None:
        raise not_here(config)
    for snapshot in hub_cache.snapshots(wanted.repo, config.revision, hub_cache.folder()):
        with contextlib.suppress(ModelNotFound):
            return snapshot / choose(hub_cache.files(snapshot), wanted, config)[0]
    return None
