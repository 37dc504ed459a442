"""LoRA adapters: checked, loaded once each, by the path they came from."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mm_orch.engine.decoder import Scales
from mm_orch.engine.gguf_reader import read_header
from mm_orch.engine.native.library import NativeLog, native
from mm_orch.engine.native.model import Model
from mm_orch.errors import AdapterError, ModelError


class Adapters:
    """The adapters of one model. ``always`` are used by every request that names none of its own."""

    def __init__(self, model: Model, log: NativeLog, always: Sequence[tuple[str, float]]) -> None:
        self._model, self._log = model, log
        self._loaded: dict[str, Any] = {}
        self._always = self._sorted(dict(always))

    def choose(self, wanted: Mapping[str, float] | None) -> Scales:
        """What a request runs with; ``wanted`` maps paths, or names of adapters that are loaded, to scales.

        Raises ``AdapterError`` for a file that is missing, damaged or made for another model.
        """
        return self._always if wanted is None else self._sorted(wanted)

    def pointer(self, path: str) -> Any:
        """llama.cpp's adapter for a path that ``choose`` returned."""
        return self._loaded[path]

    def _sorted(self, wanted: Mapping[str, float]) -> Scales:
        for name, scale in wanted.items():
            if not math.isfinite(scale):
                raise AdapterError(f"the scale of adapter {name!r} is {scale!r}", hint="Give a finite number")
        return tuple(sorted((self._load(name), float(scale)) for name, scale in wanted.items() if scale != 0))

    def _load(self, name: str) -> str:
        path = next((path for path in self._loaded if name in {path, Path(path).stem, Path(path).name}), None)
        if path is None:
            path = str(Path(name).absolute())
        if path not in self._loaded:
            self._check(path)
            self._log.clear()
            pointer = native.llama_adapter_lora_init(self._model.pointer, os.fsencode(path))
            if not pointer:
                reason = self._log.reason() or "it does not fit the model"
                raise AdapterError(f"llama.cpp refused the adapter {path!r}: {reason}")
            self._loaded[path] = pointer
        return path

    def _check(self, path: str) -> None:
        try:
            header = read_header(path)
        except ModelError as error:
            raise AdapterError(f"the adapter cannot be used: {error.message}", hint=error.hint) from error
        if header.metadata.get("adapter.type") != "lora":
            raise AdapterError(
                f"{path!r} is no LoRA adapter", hint="Convert it with llama.cpp's convert_lora_to_gguf"
            )
        own = self._model.metadata("general.architecture")
        if header.architecture != own:
            raise AdapterError(f"the adapter {path!r} was made for {header.architecture!r}, the model is {own!r}")
