"""Deleting a fetched model from the Hugging Face cache: its files, and nothing that another model needs.

``huggingface_hub`` deletes revisions or single files; a model is a choice among them, its parts, or what was begun.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from mm_orch.errors import InvalidInput, ModelNotFound
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime import file_choice, hub_cache, model_loader
from mm_orch.runtime.model_name import repository


@dataclass(frozen=True, slots=True)
class Removal:
    """What would be deleted: ``names`` of ``repo``, ``size`` bytes in all; ``paths`` are where the names point."""

    repo: str
    names: tuple[str, ...]
    paths: tuple[Path, ...]
    size: int


def plan(config: ModelConfig) -> Removal:
    """The files of the model in the cache, all parts of a split one; where there are none, what was begun of them.

    Raises ``ModelNotFound`` where it was not fetched, ``InvalidInput`` for a model that is no hub's.
    """
    wanted = repository(config.model_name)
    if wanted is None or config.path or config.package:
        hint = "Only models fetched with muai pull are removed; delete other files yourself"
        raise InvalidInput(f"model {config.name!r} is not in the Hugging Face cache", hint=hint)
    first = model_loader.find(config)
    if first is None:
        begun = tuple(hub_cache.unfinished(wanted.repo, hub_cache.folder()))
        if begun:
            unfinished = f"{len(begun)} unfinished download(s)"
            return Removal(wanted.repo, (unfinished,), begun, sum(path.stat().st_size for path in begun))
        raise ModelNotFound(f"model {config.name!r} is not on this machine", hint="muai models list shows what is")
    names = tuple(path.name for path in file_choice.parts(first))
    paths = tuple(path.resolve() for path in file_choice.parts(first))
    return Removal(wanted.repo, names, paths, sum(path.stat().st_size for path in paths))


def remove(removal: Removal) -> None:
    """Delete them, with every link to them, and the repository's folder where no model is left in it."""
    root = hub_cache.repository_folder(removal.repo, hub_cache.folder())
    links = [path for path in (root / "snapshots").rglob("*") if path.is_file() and path.resolve() in removal.paths]
    for path in (*links, *removal.paths):
        path.unlink(missing_ok=True)
    if root.is_dir() and not any(path.is_file() for path in (root / "snapshots").rglob("*.gguf")):
        shutil.rmtree(root)
