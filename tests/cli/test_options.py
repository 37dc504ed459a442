"""What options mean for the settings, and the pairs and files in them."""

from __future__ import annotations

import inspect

import pytest

from mm_orch.cli.options import RunOptions, with_run_options
from mm_orch.errors import InvalidInput, SettingsError


def test_options_go_over_the_settings() -> None:
    options = RunOptions(search="mock,ddgs", language="zh", temperature=0.0, ctx_size=512, gpu_layers=-1, seed=7)
    found = options.settings()
    assert found.search.providers == ("mock", "ddgs")
    assert (found.language, found.engine.ctx_size, found.engine.gpu_layers) == ("zh", 512, -1)
    assert found.generation.given() == {"temperature": 0.0, "seed": 7}


def test_what_is_not_given_stays_as_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUAI_REAL_MODELS", "1")
    monkeypatch.setenv("MUAI_MODEL", "gpt2")
    found = RunOptions().settings()
    assert (found.real_models, found.model) == (True, "gpt2")
    assert RunOptions(real_models=False).settings().real_models is False


def test_a_model_implies_real_models_and_contradicts_the_mock() -> None:
    assert RunOptions(model="gpt2").settings().real_models
    with pytest.raises(InvalidInput, match="--mock"):
        RunOptions(model="gpt2", real_models=False).settings()


def test_a_wrong_value_names_what_is_allowed() -> None:
    with pytest.raises(SettingsError, match="'auto', 'zh' or 'en'"):
        RunOptions(language="fr").settings()


def test_params_are_split_at_the_first_sign() -> None:
    options = RunOptions(param=["topic=a=b", " num_exercises =3", "empty="])
    assert options.inputs() == {"topic": "a=b", "num_exercises": "3", "empty": ""}


@pytest.mark.parametrize("param", ["topic", "=x", " =x"])
def test_a_param_without_name_or_value_is_refused(param: str) -> None:
    with pytest.raises(InvalidInput, match="KEY=VALUE"):
        RunOptions(param=[param]).inputs()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.gguf", ("a.gguf", 1.0)),
        ("a.gguf:0.5", ("a.gguf", 0.5)),
        ("a.gguf:-1", ("a.gguf", -1.0)),
        ("a.gguf:.5e-1", ("a.gguf", 0.05)),
        (r"C:\models\a.gguf", (r"C:\models\a.gguf", 1.0)),
        (r"C:\models\a.gguf:2", (r"C:\models\a.gguf", 2.0)),
        ("dir:1/a.gguf", ("dir:1/a.gguf", 1.0)),
        ("a.gguf:nan", ("a.gguf:nan", 1.0)),
    ],
)
def test_an_adapters_scale_is_split_off_only_before_a_number(text: str, expected: tuple[str, float]) -> None:
    assert RunOptions(lora=[text]).adapters() == dict([expected])


def test_a_command_gets_every_option_as_its_own() -> None:
    seen: list[tuple[RunOptions, str]] = []

    @with_run_options
    def command(options: RunOptions, word: str) -> None:
        """What it does."""
        seen.append((options, word))

    names = list(inspect.signature(command).parameters)
    assert names[0] == "word"
    assert {"model", "temperature", "config"} <= set(names)
    command(word="w", **{name: getattr(RunOptions(model="m"), name) for name in names if name != "word"})
    assert seen == [(RunOptions(model="m"), "w")]
    assert command.__doc__ == "What it does."
