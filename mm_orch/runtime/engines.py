"""Engines by the name of their model: real ones, mocks, and one that stands in for all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from mm_orch.protocols import TextEngine

if TYPE_CHECKING:
    from mm_orch.runtime.real_model_manager import RealModelManager


class EnginesByName:
    """``Engines`` that ``make`` gives when one is first asked for; ``names`` are the models that are configured.

    ``make`` gets None for the default model.
    """

    def __init__(self, make: Callable[[str | None], TextEngine], names: Sequence[str] = ()) -> None:
        self._make, self._names = make, names
        self._lock = threading.Lock()
        self._made: dict[str | None, TextEngine] = {}

    def get(self, name: str | None = None) -> TextEngine:
        """The engine of that model, the same at every call. Raises ``UnknownName``."""
        with self._lock:
            if name not in self._made:
                self._made[name] = self._make(name)
            return self._made[name]

    def names(self) -> list[str]:
        """The names of the configured models."""
        return list(self._names)


def real(
    manager: RealModelManager, default: str | None = None, adapters: Mapping[str, float] | None = None
) -> EnginesByName:
    """The models of ``manager``, loaded when they are first used; the ``default`` one begins to load at once.

    ``adapters`` maps LoRA files to scales, for the default model alone.
    """
    from mm_orch.runtime.inference_engine import InferenceEngine

    usual = manager.config(default)
    usual = usual.replace(lora=dict(adapters)) if adapters else usual
    manager.start(usual)
    return EnginesByName(lambda name: InferenceEngine(name or usual, manager=manager), manager.list_models())


def mocks() -> EnginesByName:
    """A mock under every name, so that a workflow that names models runs without any."""
    from mm_orch.runtime.mock_engine import MockEngine

    return EnginesByName(lambda name: MockEngine(model=name or "mock"))


def same(engine: TextEngine) -> EnginesByName:
    """``engine`` under every name."""
    return EnginesByName(lambda name: engine)
