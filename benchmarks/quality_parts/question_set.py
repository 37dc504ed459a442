"""The question sets that ship with the tests: pages, questions, and where each answer stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from mm_orch.documents.reader import read_document
from mm_orch.records.page import Page

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "questions"
LANGUAGES = ("en", "zh")
HALVES = ("dev", "test")
NOTHING = "nothing"
KINDS = ("paraphrased", "misspelt", "keywords", "mixed", "cross-language", "traditional", NOTHING)

_SITE = "https://pages.example"
_MEDIA = {".md": "text/markdown", ".html": "text/html"}


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``facts`` are what an answer must name, each as the spellings that count.

    ``url`` is the page that holds the answer at ``span``. Where the answer is not there, ``span`` is None and
    ``url`` names the page on the nearest subject.
    """

    id: str
    text: str
    language: str
    kind: str
    url: str
    span: str | None
    facts: tuple[tuple[str, ...], ...]

    @property
    def has_answer(self) -> bool:
        return self.span is not None


def questions(language: str, half: str, folder: Path = FOLDER) -> list[Question]:
    """The questions of one half (``"dev"`` or ``"test"``) of a language's set."""
    listed = yaml.safe_load((folder / language / f"{half}.yaml").read_text(encoding="utf-8"))
    return [
        Question(
            each["id"],
            each["text"],
            language,
            each["kind"],
            address(language, each["page"]),
            each["span"],
            tuple(tuple(spellings) for spellings in each["facts"]),
        )
        for each in listed
    ]


def pages(language: str, folder: Path = FOLDER) -> list[Page]:
    """The pages of a language's set as MuAI reads them, HTML extracted."""
    return [read_document(*document, address(language, path.name)) for path, *document in _files(language, folder)]


def address(language: str, name: str) -> str:
    """The address under which a page's file ``name`` is found; nothing answers there."""
    return f"{_SITE}/{language}/{name}"


def squeezed(text: str) -> str:
    """``text`` without spaces and marks: extraction changes these and nothing else."""
    return "".join(character for character in text.casefold() if character.isalnum())


def holds(text: str, span: str) -> bool:
    """Whether ``text`` has ``span`` in it, word for word."""
    return squeezed(span) in squeezed(text)


def _files(language: str, folder: Path) -> Iterator[tuple[Path, bytes, str]]:
    for path in sorted((folder / language / "pages").iterdir()):
        yield path, path.read_bytes(), _MEDIA[path.suffix]
