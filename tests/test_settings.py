from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch import settings
from mm_orch.errors import SettingsError
from mm_orch.records.generation_config import GenerationConfig


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def complaint(config: Path | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        settings.load(config)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_the_shipped_file_sets_every_key_and_to_the_default_of_the_code() -> None:
    assert settings.load().model_dump() == settings.Settings().model_dump()
    assert settings.load().model_fields_set == set(settings.Settings.model_fields)


def test_each_layer_wins_over_the_one_before(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(own_home / "config.yaml", "search: {limit: 11, region: cn-zh}\nfetch: {max_pages: 11}\nmodel: home\n")
    config = write(tmp_path / "mine.yaml", "search: {limit: 12}\nfetch: {max_pages: 12}\n")
    monkeypatch.setenv("MUAI_SEARCH__LIMIT", "13")
    loaded = settings.load(config, {"search.limit": 14, "search.providers": ["corpus"]})
    assert (loaded.search.limit, loaded.search.region, loaded.search.timeout_s) == (14, "cn-zh", 10)
    assert loaded.search.providers == ("corpus",)
    assert (loaded.fetch.max_pages, loaded.model) == (12, "home")
    assert settings.load(config).search.limit == 13
    monkeypatch.delenv("MUAI_SEARCH__LIMIT")
    assert settings.load(config).search.limit == 12
    assert settings.load().search.limit == 11


def test_an_override_of_none_was_not_given() -> None:
    assert settings.load(overrides={"model": None, "search": {"limit": None}}) == settings.load()


def test_a_file_may_take_a_value_back_with_null(own_home: Path, tmp_path: Path) -> None:
    write(own_home / "config.yaml", "generation: {seed: 7}\n")
    assert settings.load().generation.seed == 7
    assert settings.load(write(tmp_path / "c.yaml", "generation: {seed: null}")).generation.seed is None


@pytest.mark.parametrize(
    ("name", "value", "section", "key", "expected"),
    [
        ("MUAI_REAL_MODELS", "1", "", "real_models", True),
        ("MUAI_OFFLINE", "true", "", "offline", True),
        ("MUAI_MODEL", "42", "", "model", "42"),
        ("MUAI_SEARCH__PROVIDERS", "corpus, ddgs", "search", "providers", ("corpus", "ddgs")),
        ("MUAI_FETCH__ALLOW_HOSTS", "127.0.0.1:8080", "fetch", "allow_hosts", ("127.0.0.1:8080",)),
        ("MUAI_ENGINE__MEMORY_THRESHOLD", "0.5", "engine", "memory_threshold", 0.5),
        ("MUAI_STORAGE__KEEP", "false", "storage", "keep", False),
    ],
)
def test_the_environment_sets_a_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, section: str, key: str, expected: object
) -> None:
    monkeypatch.setenv(name, value)
    loaded = settings.load()
    assert getattr(getattr(loaded, section) if section else loaded, key) == expected


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("modle: gpt2", ["unknown key 'modle'", "Did you mean 'model'"]),
        ("search: {limt: 3}", ["unknown key 'search.limt'", "Did you mean 'limit'"]),
        ("search: {limit: many}", ["search.limit is 'many'", "integer"]),
        ("search: {limit: true}", ["search.limit is True", "number"]),
        ("search: {limit: 0}", ["search.limit is 0", "greater than or equal to 1"]),
        ("search: 5", ["search is 5"]),
        ("language: fr", ["language is 'fr'", "'auto', 'zh' or 'en'"]),
        ("real_models: perhaps", ["real_models is 'perhaps'", "boolean"]),
        ("model: 5", ["model is 5", "string"]),
        ("model: ''", ["model is ''"]),
        ("engine: {memory_threshold: .nan}", ["engine.memory_threshold is nan"]),
        ("generation: {temperature: -1}", ["generation.temperature is -1", "0"]),
    ],
)
def test_a_wrong_value_is_named_with_file_key_and_what_is_allowed(
    tmp_path: Path, text: str, parts: list[str]
) -> None:
    config = write(tmp_path / "mine.yaml", text)
    told = complaint(config)
    assert str(config) in told
    for part in parts:
        assert part in told


def test_the_file_that_is_wrong_is_named_not_the_one_that_is_right(own_home: Path, tmp_path: Path) -> None:
    write(own_home / "config.yaml", "search: {limit: wrong}")
    told = complaint(write(tmp_path / "mine.yaml", "search: {region: us-en}"))
    assert str(own_home / "config.yaml") in told
    assert "mine.yaml" not in told


@pytest.mark.parametrize(
    ("name", "value", "parts"),
    [
        ("MUAI_SEARCH__LIMIT", "many", ["MUAI_SEARCH__LIMIT", "search.limit is 'many'"]),
        ("MUAI_SEARCH__LIMT", "3", ["MUAI_SEARCH__LIMT", "Did you mean 'limit'"]),
        ("MUAI_MODLE", "gpt2", ["MUAI_MODLE", "Did you mean 'MUAI_MODEL'"]),
        ("MUAI_SEARCH", "ddgs", ["search", "MUAI_SEARCH__LIMIT"]),
        ("MUAI_LANGUAGE", "fr", ["MUAI_LANGUAGE", "'auto', 'zh' or 'en'"]),
    ],
)
def test_a_wrong_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, parts: list[str]
) -> None:
    monkeypatch.setenv(name, value)
    told = complaint()
    for part in parts:
        assert part in told


def test_a_wrong_override_is_named_as_the_command_lines() -> None:
    with pytest.raises(SettingsError, match=r"command line: generation\.top_p is 2"):
        settings.load(overrides={"generation.top_p": 2})


def test_a_missing_config_file_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "none.yaml") in complaint(tmp_path / "none.yaml")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.load().model = "other"  # type: ignore[misc]


def test_generation_gives_only_what_was_set() -> None:
    assert settings.load().generation.given() == {}
    given = settings.load(overrides={"generation.temperature": 0, "generation.max_tokens": 9}).generation.given()
    assert given == {"temperature": 0, "max_tokens": 9}
    assert GenerationConfig(**given).max_tokens == 9
