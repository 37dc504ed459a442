"""The models that are known by name: config/models.yaml, then the user's, checked entry by entry."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from mm_orch import resources, validation, yaml_file
from mm_orch.errors import InvalidInput, SettingsError
from mm_orch.records.model_config import ModelConfig
from mm_orch.words import nearest


def models() -> dict[str, ModelConfig]:
    """The catalogue by name: the shipped ``models.yaml``, then the user's, whose entries replace by name.

    Raises ``SettingsError`` naming file, entry, key, what was found and what is allowed.
    """
    found: dict[str, ModelConfig] = {}
    for folder in resources.folders("config"):
        path = folder / "models.yaml"
        if path.is_file():
            found.update(_catalogue(path))
    return found


def _catalogue(path: Path) -> dict[str, ModelConfig]:
    document = yaml_file.read(path, SettingsError)
    unknown = [key for key in document if key != "models"]
    if unknown:
        raise SettingsError(f"{path}: unknown key {unknown[0]!r}", hint="Known: models")
    entries = document.get("models") or {}
    if not isinstance(entries, dict):
        raise SettingsError(f"{path}: models is {entries!r:.60}", hint="It should hold names with their entries")
    return {str(name): _model(path, str(name), entry) for name, entry in entries.items()}


def _model(path: Path, name: str, entry: object) -> ModelConfig:
    known = ModelConfig.keys()
    if not isinstance(entry, dict):
        hint = f"It should hold some of: {', '.join(known)}"
        raise SettingsError(f"{path}: models.{name} is {entry!r:.60}", hint=hint)
    unknown = [key for key in entry if key not in known]
    if unknown:
        near = nearest(str(unknown[0]), known)
        raise SettingsError(f"{path}: models.{name} has an unknown key {unknown[0]!r}", hint=near)
    try:
        # By way of JSON: pydantic's strict mode takes a mapping for a dataclass only there.
        return _ENTRY.validate_json(json.dumps({**entry, "name": name}, default=str), strict=True)
    except ValidationError as error:
        raise SettingsError(f"{path}: models.{name}.{validation.describe(error, ModelConfig)[1]}") from error
    except InvalidInput as error:
        raise SettingsError(f"{path}: models.{name}: {error.message}", hint=error.hint) from error


_ENTRY: TypeAdapter[ModelConfig] = TypeAdapter(ModelConfig)
