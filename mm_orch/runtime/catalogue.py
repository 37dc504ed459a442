"""Names of models into configurations: the entries of models.yaml, files, repositories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from mm_orch.errors import UnknownName
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime.model_name import is_path, repository


class Catalogue:
    """``entries`` by name; ``overrides`` are fields of ``ModelConfig`` that win over every configuration."""

    def __init__(self, entries: Mapping[str, ModelConfig], overrides: Mapping[str, Any] | None = None) -> None:
        self._entries = dict(entries)
        self._overrides = {key: value for key, value in (overrides or {}).items() if value is not None}

    @property
    def names(self) -> list[str]:
        """The names of all configured models."""
        return sorted(self._entries)

    def config(self, model: ModelConfig | str) -> ModelConfig:
        """The whole configuration of ``model``: an entry with what a ``ModelConfig`` sets otherwise, or its own.

        Raises ``UnknownName`` for a name that is no entry, no file and no repository.
        """
        config = self._named(model) if isinstance(model, str) else self._completed(model)
        return config.replace(**self._overrides) if self._overrides else config

    def _named(self, name: str) -> ModelConfig:
        if name in self._entries:
            return self._entries[name]
        if is_path(name):
            return ModelConfig(path=name, name=Path(name).stem)
        if repository(name):
            return ModelConfig(model_name=name)
        raise UnknownName("model", name, self._entries)

    def _completed(self, config: ModelConfig) -> ModelConfig:
        if config.path or config.package:
            return config
        if config.model_name not in self._entries:
            return (
                config
                if is_path(config.model_name) or repository(config.model_name)
                else self._named(config.model_name)
            )
        changed = {
            item.name: value
            for item in fields(config)
            if item.name != "model_name" and (value := getattr(config, item.name)) != _default(item)
        }
        return self._entries[config.model_name].replace(**changed)


def _default(item: Any) -> Any:
    return item.default if item.default is not MISSING else item.default_factory()
