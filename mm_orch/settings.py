"""What MuAI runs on: settings from files, environment and command line; ``models()`` is the catalogue of models.

Checked once, at the edge. ``cli``, ``server`` and ``app`` read settings; rooms below get values as arguments.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings.exceptions import SettingsError as EnvironmentError_

from mm_orch import resources, validation, yaml_file
from mm_orch.errors import SettingsError
from mm_orch.model_catalogue import models
from mm_orch.words import nearest

__all__ = ["Settings", "load", "models"]

PREFIX = "MUAI_"
_NOT_SETTINGS = {"MUAI_HOME"}
_OVERRIDES = "command line"
_ENVIRONMENT = "environment variable"


def _no_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("it should be a number")
    return value


def _split(value: object) -> object:
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


Whole = Annotated[int, BeforeValidator(_no_bool)]
Number = Annotated[float, BeforeValidator(_no_bool), Field(allow_inf_nan=False)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class Section(BaseModel):
    """A group of settings; frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SearchSettings(Section):
    """``providers`` are asked in order; ``region`` is a provider's own code, None means by language.

    ``limit`` is the most hits, None what the workflow says. ``searxng_url`` is the address of a SearXNG instance.
    Answers are kept for ``cache_s`` seconds; requests to one provider are ``spacing_s`` seconds apart at least.
    """

    providers: Names = ("ddgs",)
    limit: Whole | None = Field(None, ge=1, le=50)
    region: str | None = None
    timeout_s: Number = Field(10.0, gt=0, le=600)
    searxng_url: str | None = None
    cache_s: Number = Field(3600.0, ge=0)
    spacing_s: Number = Field(1.0, ge=0, le=60)


class FetchSettings(Section):
    """``timeout_s`` and ``max_bytes`` hold for one page; ``allow_hosts`` are private hosts that may be read.

    ``max_pages`` is how many are read for one question, None what the workflow says. ``per_host`` pages of one host
    are read at once; ``robots`` respects robots.txt for what no person typed. The page cache holds ``cache_bytes``
    at most, 0 keeps none.
    """

    timeout_s: Number = Field(15.0, gt=0, le=600)
    max_bytes: Whole = Field(3_000_000, ge=1_000)
    concurrency: Whole = Field(20, ge=1, le=64)
    allow_hosts: Names = ()
    max_pages: Whole | None = Field(None, ge=1, le=50)
    max_redirects: Whole = Field(5, ge=0, le=50)
    per_host: Whole = Field(2, ge=1, le=64)
    robots: bool = True
    cache_bytes: Whole = Field(100_000_000, ge=0)


class CorpusSettings(Section):
    """``max_bytes`` is the largest file that is read; ``embed_model``, a GGUF model, ranks what is found again."""

    max_bytes: Whole = Field(100_000_000, ge=1_000)
    embed_model: str | None = None


class EngineSettings(Section):
    """Counts are tokens, threads and layers; None leaves the choice to the model and the machine.

    ``quarantine_after`` crashes in a minute put a model aside for ten; 0 never does.
    """

    ctx_size: Whole | None = Field(None, ge=16)
    threads: Whole | None = Field(None, ge=1, le=1024)
    gpu_layers: Whole | None = Field(None, ge=-1)
    max_cached_models: Whole = Field(2, ge=1)
    memory_threshold: Number = Field(0.9, gt=0, le=1)
    load_timeout_s: Number = Field(300.0, gt=0)
    stall_s: Number = Field(60.0, gt=0)
    quarantine_after: Whole = Field(3, ge=0)


class GenerationSettings(Section):
    """How text is written, where the user wants it otherwise than a workflow's steps; None: as the step says."""

    max_tokens: Whole | None = Field(None, ge=1, le=1 << 20)
    temperature: Number | None = Field(None, ge=0, le=100)
    top_p: Number | None = Field(None, ge=0, le=1)
    top_k: Whole | None = Field(None, ge=0, le=1 << 20)
    min_p: Number | None = Field(None, ge=0, le=1)
    repeat_penalty: Number | None = Field(None, ge=0.01, le=100)
    seed: Whole | None = Field(None, ge=0, le=(1 << 32) - 2)

    def given(self) -> dict[str, Any]:
        """The values that are set, fit for ``GenerationConfig(**…)`` and ``.replace(**…)``."""
        return self.model_dump(exclude_none=True)


class StorageSettings(Section):
    """``keep`` False stores no sessions and no runs.

    ``tape_bytes`` may be kept of searches, pages, prompts and outputs, to show and replay runs; 0 keeps none.
    """

    keep: bool = True
    tape_bytes: Whole = Field(200_000_000, ge=0)


class ChatSettings(Section):
    """``max_history_tokens`` None keeps what fits the model."""

    max_history_tokens: Whole | None = Field(None, ge=1)


class RouterSettings(Section):
    """Below the confidence ``ask_model_below`` (0..1) a real model is asked."""

    ask_model_below: Number = Field(0.5, ge=0, le=1)


class Settings(BaseSettings):
    """Everything a user can set. ``load`` fills it; built by hand it has the defaults and reads nothing."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix=PREFIX, env_nested_delimiter="__")

    real_models: bool = False
    model: str = Field("smollm2-135m", min_length=1)
    language: Literal["auto", "zh", "en"] = "auto"
    offline: bool = False
    search: SearchSettings = SearchSettings()
    fetch: FetchSettings = FetchSettings()
    corpus: CorpusSettings = CorpusSettings()
    engine: EngineSettings = EngineSettings()
    generation: GenerationSettings = GenerationSettings()
    storage: StorageSettings = StorageSettings()
    chat: ChatSettings = ChatSettings()
    router: RouterSettings = RouterSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *others: PydanticBaseSettingsSource,
        **named: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Values given, and no others: ``load`` merges the layers itself, to know where each value came from."""
        return (init_settings,)


def load(config_file: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Settings:
    """The settings, later wins: shipped file, the user's, ``config_file``, environment, ``overrides``.

    ``overrides`` has nested or dotted keys (``"search.limit"``); a None in it means "not given".
    Raises ``SettingsError`` naming the file or variable, the key, what was found and what is allowed.
    """
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, layer in _layers(config_file, overrides or {}):
        _merge(merged, layer, origins, origin, ())
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        location, text = validation.describe(error, Settings)
        raise SettingsError(f"{_origin(origins, location)}: {text}") from error


def _layers(config_file: Path | None, overrides: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    shipped = resources.shipped("config") / "default.yaml"
    yield str(shipped), yaml_file.read(shipped, SettingsError)
    own = resources.home() / "config.yaml"
    if own.exists():
        yield str(own), yaml_file.read(own, SettingsError)
    if config_file is not None:
        yield str(config_file), yaml_file.read(config_file, SettingsError)
    yield _ENVIRONMENT, _environment()
    for key, value in overrides.items():
        yield _OVERRIDES, _nested(key.split("."), value)


def _environment() -> dict[str, Any]:
    for name in sorted(os.environ):
        known = [PREFIX + field.upper() for field in Settings.model_fields]
        if name.startswith(PREFIX) and name not in _NOT_SETTINGS and name.split("__")[0] not in known:
            raise SettingsError(f"unknown environment variable {name!r}", hint=nearest(name, known))
    try:
        return EnvSettingsSource(Settings)()
    except EnvironmentError_ as error:
        raise SettingsError(
            f"{_ENVIRONMENT} {PREFIX}…: {error}", hint="Name one value, as in MUAI_SEARCH__LIMIT=3"
        ) from error


def _nested(path: list[str], value: object) -> dict[str, Any]:
    return {path[0]: _nested(path[1:], value) if len(path) > 1 else value}


def _merge(
    target: dict[str, Any], layer: Mapping[str, Any], origins: dict[str, str], origin: str, above: tuple[str, ...]
) -> None:
    for key, value in layer.items():
        path = (*above, str(key))
        if value is None and origin == _OVERRIDES:
            continue
        origins[".".join(path)] = origin
        if isinstance(value, Mapping):
            inner = target.get(key)
            target[key] = dict(inner) if isinstance(inner, Mapping) else {}
            _merge(target[key], value, origins, origin, path)
        else:
            target[key] = value


def _origin(origins: Mapping[str, str], location: validation.Location) -> str:
    parts = [str(part) for part in location]
    for length in range(len(parts), 0, -1):
        origin = origins.get(".".join(parts[:length]))
        if origin:
            return f"{origin} {PREFIX}{'__'.join(parts).upper()}" if origin == _ENVIRONMENT else origin
    return "settings"
