"""Vectors of texts, as a user asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch.errors import EngineError, InvalidInput
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime.inference_engine import InferenceEngine
from mm_orch.runtime.real_model_manager import RealModelManager


@pytest.fixture
def manager(tiny_gguf: Path, tiny_embedding_gguf: Path) -> Iterator[RealModelManager]:
    files = {"tiny": tiny_gguf, "embed": tiny_embedding_gguf}
    catalogue = {name: ModelConfig(path=str(path), name=name, n_threads=1) for name, path in files.items()}
    with RealModelManager(catalogue=catalogue) as made:
        yield made


async def test_texts_are_embedded_together(manager: RealModelManager) -> None:
    engine = InferenceEngine("embed", manager=manager)
    vectors = await engine.embed([f"hello {n}" for n in range(40)])
    assert len(vectors) == 40
    assert len({len(vector) for vector in vectors}) == 1
    assert await engine.embed([]) == []


async def test_an_empty_text_is_refused_by_its_number_and_the_next_are_served(manager: RealModelManager) -> None:
    engine = InferenceEngine("embed", manager=manager)
    [before] = await engine.embed(["hello"])
    with pytest.raises(InvalidInput, match="text 2 of 2"):
        await engine.embed(["hello", ""])
    assert await engine.embed(["hello"]) == [before]


async def test_a_model_that_gives_no_embeddings_says_so(manager: RealModelManager) -> None:
    with pytest.raises(EngineError, match="Use a GGUF embedding model"):
        await InferenceEngine("tiny", manager=manager).embed(["hello"])
