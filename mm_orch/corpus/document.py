"""A document of the corpus: as it is stored, and made ready to be stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Self

from mm_orch.language.words import words
from mm_orch.records.page import Page
from mm_orch.retrieval.passages import split

SHAPE = 3  # rises when documents are read or cut in another way, so that they are indexed anew


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a source changed: ``size`` in bytes, ``mtime_ns`` of a file (None for a URL), content."""

    size: int
    mtime_ns: int | None
    sha256: str

    @classmethod
    def of(cls, data: bytes, mtime_ns: int | None = None) -> Self:
        """The stamp of a source that holds ``data``."""
        return cls(len(data), mtime_ns, hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document; ``added`` is the time of its last change here, in epoch seconds."""

    id: int
    address: str
    title: str
    media_type: str
    stamp: Stamp
    added: float
    passages: int


@dataclass(frozen=True, slots=True)
class PassageRow:
    """One passage, and the words of its document's title, of its headings and of its text, space-separated."""

    heading: str
    text: str
    start: int
    title_words: str
    heading_words: str
    text_words: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that was read and cut, ready to be stored."""

    address: str
    stamp: Stamp
    page: Page
    rows: tuple[PassageRow, ...]


def prepare(address: str, stamp: Stamp, page: Page) -> Prepared:
    """``page`` cut into passages and words."""
    title = words_of(page.title)
    rows = (
        PassageRow(piece.heading, piece.text, piece.start, title, words_of(piece.heading), words_of(piece.text))
        for piece in split(page.text)
    )
    return Prepared(address, stamp, page, tuple(rows))


def words_of(text: str) -> str:
    """The words under which ``text`` is found, with spaces between."""
    return " ".join(words(text))
