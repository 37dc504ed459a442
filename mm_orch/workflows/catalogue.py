"""All workflow files: the shipped ones and the user's, which go before them by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mm_orch.errors import DefinitionError, UnknownName
from mm_orch.prompts import PromptLibrary
from mm_orch.workflows import routing_files
from mm_orch.workflows.definition import Definition, load_file
from mm_orch.workflows.wiring import Models


@dataclass(frozen=True)
class Catalogue:
    """All workflows by name, and by file what is wrong with those of the user's that were left out."""

    definitions: Mapping[str, Definition]
    broken: Mapping[str, DefinitionError] = field(default_factory=dict)

    def get(self, name: str) -> Definition:
        """Raises the ``DefinitionError`` of a file that is broken, ``UnknownName`` where there is none."""
        if name in self.definitions:
            return self.definitions[name]
        raise self.broken.get(name) or UnknownName("workflow", name, self.definitions)


def load_all(folders: Sequence[Path], prompts: PromptLibrary, models: Models | None = None) -> Catalogue:
    """Every ``*.yaml`` of ``folders``; a later folder replaces by name. ``models`` as for ``load_file``.

    The first folder is the shipped one: a broken file there raises ``DefinitionError``. Elsewhere it is left out
    and told in ``broken``.
    """
    found: dict[str, Definition] = {}
    broken: dict[str, DefinitionError] = {}
    for place, folder in enumerate(folders):
        for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
            try:
                definition = load_file(path, prompts, models, folders)
                _check_unique(definition, found, folder)
                found[definition.name] = definition
            except DefinitionError as error:
                if place == 0:
                    raise
                broken[path.stem] = error
    names = [*found, *broken]
    for folder in folders:
        broken |= routing_files.strays(folder, names)
    return Catalogue(found, broken)


def _check_unique(definition: Definition, found: Mapping[str, Definition], folder: Path) -> None:
    other = found.get(definition.name)
    if other is not None and other.path.parent == folder:
        raise DefinitionError(f"{definition.path}: name {definition.name!r} is taken by {other.path}")
