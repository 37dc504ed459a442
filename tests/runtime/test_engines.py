"""Engines by the name of their model."""

from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch.errors import UnknownName
from mm_orch.protocols import Engines
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime import engines
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.runtime.real_model_manager import RealModelManager


async def test_every_name_has_a_mock_of_its_own() -> None:
    mocks = engines.mocks()
    assert isinstance(mocks, Engines)
    assert mocks.get("one") is mocks.get("one") is not mocks.get()
    assert [(await mocks.get(name).info()).model for name in (None, "one")] == ["mock", "one"]


def test_one_engine_stands_in_for_all() -> None:
    engine = MockEngine()
    assert engines.same(engine).get("one") is engines.same(engine).get() is engine


async def test_real_models_load_when_they_are_used_and_the_default_one_at_once(tiny_gguf: Path) -> None:
    catalogue = {name: ModelConfig(path=str(tiny_gguf), name=name) for name in ("one", "two")}
    with RealModelManager(catalogue=catalogue) as manager:
        found = engines.real(manager, "one")
        assert (found.names(), manager.loaded_models()) == (["one", "two"], ["one"])
        two = found.get("two")
        assert manager.loaded_models() == ["one"]
        assert (await two.info()).model == "two"
        assert manager.loaded_models() == ["one", "two"]
        with pytest.raises(UnknownName, match="'won'"):
            found.get("won")
