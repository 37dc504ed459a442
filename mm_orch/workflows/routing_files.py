"""``routing/NAME.en.txt`` and ``NAME.zh.txt`` beside the workflow files: what queries a workflow is found by."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field

from mm_orch.errors import DefinitionError
from mm_orch.nodes.base import Section
from mm_orch.words import nearest

LANGUAGES: tuple[Literal["en", "zh"], ...] = ("en", "zh")
FOLDER = "routing"
_COMMENT, _PHRASE = "#", "~"


class Routing(Section):
    """What the router knows a workflow by: ``hints`` are phrases, ``examples`` whole queries, by language."""

    hints: Mapping[Literal["en", "zh"], Sequence[str]] = Field({})
    examples: Mapping[Literal["en", "zh"], Sequence[str]] = Field({})


def path_of(folder: Path, name: str, language: str) -> Path:
    """The routing file of the workflow ``name`` beside the workflow files of ``folder``."""
    return folder / FOLDER / f"{name}.{language}.txt"


def find(folders: Sequence[Path], name: str) -> Routing:
    """What the files of the workflow ``name`` say, by language; a later folder's file replaces an earlier one's.

    A line is an example query, with ``~`` in front a phrase, with ``#`` a comment. Raises ``DefinitionError``.
    """
    hints: dict[Literal["en", "zh"], list[str]] = {}
    examples: dict[Literal["en", "zh"], list[str]] = {}
    for language in LANGUAGES:
        paths = [path for folder in folders if (path := path_of(folder, name, language)).is_file()]
        lines = list(_lines(paths[-1])) if paths else []
        hints[language] = [line.removeprefix(_PHRASE).strip() for line in lines if line.startswith(_PHRASE)]
        examples[language] = [line for line in lines if not line.startswith(_PHRASE)]
    return Routing(hints=hints, examples=examples)


def strays(folder: Path, names: Collection[str]) -> dict[str, DefinitionError]:
    """By file name an error for each routing file of ``folder`` that belongs to none of the workflows ``names``."""
    known = [path_of(folder, name, language).name for name in names for language in LANGUAGES]
    return {
        path.name: DefinitionError(f"{path}: is no workflow's", hint=nearest(path.name, known))
        for path in sorted((folder / FOLDER).glob("*.txt"))
        if path.name not in known
    }


def _lines(path: Path) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path} cannot be read: {error}", hint="Save it as UTF-8 text") from error
    stripped = (line.strip() for line in text.splitlines())
    yield from (line for line in stripped if line and not line.startswith(_COMMENT))
