from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch import settings
from mm_orch.errors import SettingsError
from mm_orch.model_catalogue import models

NAMES = {
    "smollm2-135m", "phi-3-mini-4k", "phi-3-mini-128k", "qwen2-0.5b", "qwen2-1.5b", "qwen2.5-7b",
    "mistral-7b-v0.3", "gpt2", "gpt2-medium", "qwen-7b-chat", "qwen-7b-chat-int4",
}  # fmt: skip


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_catalogue_has_the_promised_names() -> None:
    assert set(models()) == NAMES
    assert settings.load().model in NAMES


def test_every_entry_knows_its_name_and_the_old_ones_their_successor() -> None:
    found = models()
    for name, model in found.items():
        assert model.name == name
        assert model.description
        assert model.successor is None or found[model.successor].successor is None
    assert {name for name, model in found.items() if model.successor} == {"qwen-7b-chat", "qwen-7b-chat-int4"}


def test_an_entry_whose_file_nobody_tried_says_so() -> None:
    for model in models().values():
        if not model.package and not model.successor:
            assert "not tried here" in model.description


def test_the_users_catalogue_adds_and_replaces(own_home: Path) -> None:
    write(
        own_home / "models.yaml",
        "models:\n  gpt2: {path: /models/mine.gguf, lora: {a.gguf: 1}}\n  new: {model_name: me/model-GGUF}\n",
    )
    found = models()
    assert set(found) == NAMES | {"new"}
    assert (found["gpt2"].path, found["gpt2"].model_name) == ("/models/mine.gguf", "")
    assert found["gpt2"].lora == {"a.gguf": 1.0}
    assert found["new"].name == "new"


def test_every_entry_of_the_guide_is_understood(own_home: Path) -> None:
    write(
        own_home / "models.yaml",
        "models:\n  old:\n    model_name: Qwen/Qwen-7B-Chat\n    model_type: qwen-chat\n    device: auto\n"
        "    dtype: bf16\n    quantization: null\n    trust_remote_code: true\n    flash_attention: true\n"
        "    max_context_length: 8192\n",
    )
    assert models()["old"].trust_remote_code is True


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("model: {}", ["unknown key 'model'", "models"]),
        ("models: [gpt2]", ["models is"]),
        ("models: {a: gpt2}", ["models.a is 'gpt2'", "model_name"]),
        ("models: {a: {model_nmae: x}}", ["models.a", "'model_nmae'", "Did you mean 'model_name'"]),
        ("models: {a: {name: b, path: x}}", ["models.a", "'name'"]),
        ("models: {a: {model_name: x, max_context_length: long}}", ["models.a.max_context_length is 'long'"]),
        ("models: {a: {model_name: x, max_context_length: -1}}", ["models.a", "max_context_length is -1"]),
        ("models: {a: {model_name: x, trust_remote_code: maybe}}", ["models.a.trust_remote_code is 'maybe'"]),
        ("models: {a: {model_name: x, flash_attention: 1}}", ["models.a.flash_attention is 1"]),
        ("models: {a: {model_name: 5}}", ["models.a.model_name is 5"]),
        ("models: {a: {model_name: x, device: gpu9}}", ["models.a", "device is 'gpu9'", "Allowed: auto"]),
        ("models: {a: {model_name: x, quantization: 3bit}}", ["models.a", "'3bit'", "4bit"]),
        ("models: {a: {model_name: x, lora: [a.gguf]}}", ["models.a.lora"]),
        ("models: {a: {}}", ["models.a", "model_name or path"]),
        ("models: {a: null}", ["models.a is None"]),
    ],
)
def test_a_wrong_catalogue_entry_is_named(own_home: Path, text: str, parts: list[str]) -> None:
    path = write(own_home / "models.yaml", text)
    with pytest.raises(SettingsError) as caught:
        models()
    for part in (str(path), *parts):
        assert part in str(caught.value)
