"""LoRA adapters as a user names them: in models.yaml, on the command line, with a request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch import settings
from mm_orch.errors import AdapterError
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime.inference_engine import InferenceEngine
from mm_orch.runtime.real_model_manager import RealModelManager
from tests.cli.program import muai
from tests.fixtures.tiny_gguf import write_tiny_lora

ASKED = {"max_tokens": 12, "temperature": 0}


@pytest.fixture
def manager(tiny_gguf: Path) -> Iterator[RealModelManager]:
    catalogue = {"tiny": ModelConfig(path=str(tiny_gguf), name="tiny", n_threads=1)}
    with RealModelManager(catalogue=catalogue, default_model="tiny") as made:
        yield made


@pytest.fixture
def plain(manager: RealModelManager) -> str:
    """What the model writes without an adapter."""
    return InferenceEngine("tiny", manager=manager).generate("hello machine", **ASKED).text


def test_an_adapter_of_models_yaml_is_used(own_home: Path, tiny_gguf: Path, tiny_lora: Path, plain: str) -> None:
    entry = f"models:\n  mine:\n    path: {tiny_gguf}\n    n_threads: 1\n    lora:\n      {tiny_lora}: 1.0\n"
    (own_home / "models.yaml").write_text(entry, encoding="utf-8")
    with RealModelManager(catalogue=settings.models()) as manager:
        engine = InferenceEngine("mine", manager=manager)
        assert engine.generate("hello machine", **ASKED).text != plain
        assert engine.generate("hello machine", lora={}, **ASKED).text == plain


def test_an_adapter_of_a_request_is_used_and_shares_no_cells(
    manager: RealModelManager, tiny_lora: Path, plain: str
) -> None:
    engine = InferenceEngine("tiny", manager=manager)
    one, again, half, without = (
        engine.generate("hello machine", lora=lora, **ASKED)
        for lora in ({str(tiny_lora): 1.0}, {str(tiny_lora): 1.0}, {str(tiny_lora): 0.5}, None)
    )
    assert (one.text, half.usage.cached_tokens, one.usage.cached_tokens) == (again.text, 0, 0)
    assert plain == without.text
    assert plain != one.text != half.text
    assert again.usage.cached_tokens == without.usage.cached_tokens > 0


def test_an_adapter_of_the_command_line_is_used(tiny_gguf: Path, tiny_lora: Path) -> None:
    words = ("-m", str(tiny_gguf), "--workflow", "chat_generate", "-n", "12", "--temp", "0", "-t", "1", "hello")
    plain, none = muai(*words), muai(*words, "--lora", f"{tiny_lora}:0")
    full, half = muai(*words, "--lora", str(tiny_lora)), muai(*words, "--lora-adapter", f"{tiny_lora}:0.5")
    assert [ran.code for ran in (plain, none, full, half)] == [0] * 4
    assert plain.out == none.out
    assert len({plain.out, full.out, half.out}) == 3


@pytest.mark.parametrize("kind", ["missing", "corrupt", "mismatched", "a model"])
def test_a_bad_adapter_is_one_clear_error_wherever_it_is_named(
    manager: RealModelManager, tiny_gguf: Path, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "bad.gguf"
    if kind == "corrupt":
        path.write_bytes(write_tiny_lora(tmp_path / "whole.gguf").read_bytes()[:-300])
    elif kind == "mismatched":
        write_tiny_lora(path, width=96)
    elif kind == "a model":
        path.write_bytes(tiny_gguf.read_bytes())
    with pytest.raises(AdapterError, match="bad"):
        InferenceEngine("tiny", manager=manager).generate("hello", lora={str(path): 1.0}, **ASKED)
    with pytest.raises(AdapterError, match="bad"):
        manager.load_model(ModelConfig(path=str(tiny_gguf), lora={str(path): 1.0}))
    ran = muai("-m", str(tiny_gguf), "--workflow", "chat_generate", "--lora", f"{path}:0.5", "hello")
    assert (ran.code, ran.err.count("error: ")) == (1, 1)
    assert "bad.gguf" in ran.err
