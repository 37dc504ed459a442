"""Loads and unloads models by name, and keeps as many as it may."""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mm_orch.engine.supervisor import EngineProcess, list_devices
from mm_orch.errors import InvalidInput
from mm_orch.records.load_spec import LoadSpec
from mm_orch.records.message import Message
from mm_orch.records.model_config import DEVICES, ModelConfig
from mm_orch.records.model_facts import ModelFacts
from mm_orch.runtime import downloads, model_loader
from mm_orch.runtime.catalogue import Catalogue
from mm_orch.runtime.download_progress import Progress
from mm_orch.runtime.downloads import Announce
from mm_orch.runtime.loaded_model import LoadedModel, ModelHandle, Tokenizer
from mm_orch.runtime.memory import MemoryUse
from mm_orch.runtime.model_cache import CacheLimits, ModelCache
from mm_orch.runtime.model_name import repository
from mm_orch.runtime.quarantine import Quarantine

__all__ = ["LoadedModel", "RealModelManager"]


class RealModelManager:
    """Models by name, each in a child process of its own; at most ``max_cached_models`` that write text.

    Before a model is loaded, those used longest ago are unloaded while it would fill more than ``memory_threshold``
    (0..1) of the machine's memory, or of its GPUs'. ``catalogue`` are the known models (default: models.yaml of the
    settings), ``default_model`` the one that is meant where none is named, ``overrides`` fields of ``ModelConfig``
    that win over every configuration. What is missing is fetched at first use, told to ``announce`` and
    ``progress``, unless ``offline``. A model whose process died ``quarantine_after`` times in a minute, while
    loading or of one and the same request, is put aside (0: never). ``heads`` are the fixed messages that prompts
    begin with: with a ``heads_folder`` what a model computed of them is kept there. Usable from any thread; as a
    context manager it ends all its children.
    """

    def __init__(
        self,
        max_cached_models: int = 2,
        memory_threshold: float = 0.9,
        catalogue: Mapping[str, ModelConfig] | None = None,
        *,
        default_model: str | None = None,
        overrides: Mapping[str, Any] | None = None,
        offline: bool | None = None,
        announce: Announce | None = None,
        progress: Progress | None = None,
        load_timeout_s: float = 300.0,
        stall_s: float = 60.0,
        quarantine_after: int = 3,
        heads: Sequence[tuple[Message, ...]] = (),
        heads_folder: Path | None = None,
    ) -> None:
        if isinstance(max_cached_models, bool) or not isinstance(max_cached_models, int) or max_cached_models < 1:
            raise InvalidInput(f"max_cached_models is {max_cached_models!r}", hint="Give a whole number above 0")
        if not 0 < memory_threshold <= 1:
            raise InvalidInput(f"memory_threshold is {memory_threshold!r}", hint="Give a share above 0, at most 1")
        if catalogue is None:
            catalogue, default_model, offline = _from_settings(default_model, offline)
        self._default_model, self._offline = default_model, bool(offline)
        self._catalogue = Catalogue(catalogue, overrides)
        self._announce, self._progress = announce, progress
        self._timeouts = {"load_timeout_s": load_timeout_s, "stall_s": stall_s}
        self._heads, self._heads_folder = tuple(heads), None if heads_folder is None else str(heads_folder)
        self._devices: dict[str, str] = {}
        quarantine = Quarantine(quarantine_after, time.monotonic)
        self._cache = ModelCache(
            CacheLimits(max_cached_models, memory_threshold), self, MemoryUse(list_devices).share_with, quarantine
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def load_model(self, model: ModelConfig | str | None = None) -> LoadedModel:
        """Load a model, or find it loaded; None means the default one.

        Raises ``UnknownName``, ``ModelNotFound``, ``ModelLoadError``, ``NotEnoughMemory`` or ``ModelQuarantined``.
        """
        handle = self.handle(model)
        with handle.use() as (_, facts):
            return LoadedModel(handle, Tokenizer(handle), facts.device, facts)

    def handle(self, model: ModelConfig | str | None = None) -> ModelHandle:
        """The model by name, not loaded before it is used."""
        return ModelHandle(self, self.config(model))

    def config(self, model: ModelConfig | str | None = None) -> ModelConfig:
        """How a model is configured, catalogue and overrides taken together."""
        model = model if model is not None else self._default_model
        if model is None:
            raise InvalidInput("no model is named and there is no default one", hint="Name one of list_models()")
        return self._catalogue.config(model)

    def start(self, config: ModelConfig) -> None:
        """Begin to load without waiting for it."""
        self._cache.start(config)

    def use(self, config: ModelConfig) -> AbstractContextManager[tuple[EngineProcess, ModelFacts]]:
        """The child that holds the model, loaded if it is not; kept while the context lasts."""
        return self._cache.use(config)

    def list_models(self) -> list[str]:
        """The names in the catalogue."""
        return self._catalogue.names

    def loaded_models(self) -> list[str]:
        """The names of what is loaded or loading, the one used last at the end."""
        return [config.name for config in self._cache.loaded()]

    def unload_model(self, name: str) -> bool:
        """End the model's process, or let it end with its last request; False when it was not loaded.

        A model that was put aside may be loaded again.
        """
        return self._cache.drop(lambda config: name in (config.name, config.model_name)) > 0

    def clear_cache(self) -> int:
        """Unload all models; returns how many."""
        return self._cache.drop(lambda config: True)

    def switch_device(self, name: str, device: str) -> LoadedModel:
        """Load the model anew on ``device``, for all that use it. Warns where it had to stay on the CPU."""
        if device not in DEVICES:
            raise InvalidInput(f"device is {device!r}", hint=f"Allowed: {', '.join(DEVICES)}")
        config = next((one for one in self._cache.loaded() if one.name == name), None) or self.config(name)
        self._devices[config.name] = device
        self.unload_model(config.name)
        loaded = self.load_model(config)
        if device not in ("cpu", "auto") and loaded.device == "cpu":
            reason = "; ".join(loaded.facts.warnings) or "no GPU was found"
            warnings.warn(f"model {config.name!r} stays on the CPU: {reason}", RuntimeWarning, stacklevel=2)
        return loaded

    def pull_model(self, name: str) -> Path:
        """Fetch a model of the catalogue or ``user/repo[:QUANT]``; returns its (first) file.

        Raises ``ModelNotFound`` and ``DownloadError``.
        """
        config = self.config(name)
        path = None if repository(config.model_name) else model_loader.find(config)
        return path or downloads.fetch(config, self._offline, self._announce, self._progress)

    def close(self) -> None:
        """End all children. Nothing can be loaded afterwards."""
        self._cache.close()

    def spec(self, config: ModelConfig) -> LoadSpec:
        """How ``config`` is loaded: its file, fetched if need be and checked, and the device it was switched to."""
        device = self._devices.get(config.name)
        config = config.replace(device=device, n_gpu_layers=None) if device else config
        path = downloads.fetch_if_missing(config, self._offline, self._announce, self._progress)
        made = model_loader.load_spec(config, path)
        return replace(made, heads=self._heads, heads_folder=self._heads_folder)

    def spawn(self, spec: LoadSpec) -> EngineProcess:
        """Start a child that loads ``spec``."""
        process = EngineProcess(spec, **self._timeouts)
        process.start()
        return process


def _from_settings(default_model: str | None, offline: bool | None) -> tuple[dict[str, ModelConfig], str, bool]:
    """What the user configured, so that a manager made without arguments knows the models by name."""
    from mm_orch import settings

    loaded = settings.load()
    return settings.models(), default_model or loaded.model, loaded.offline if offline is None else offline
