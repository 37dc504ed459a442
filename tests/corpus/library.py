"""A corpus in memory, and documents to put into it."""

from __future__ import annotations

from pathlib import Path

from mm_orch.corpus.adding import Adding
from mm_orch.corpus.batch import Outcome
from mm_orch.corpus.document import Prepared, Stamp, prepare
from mm_orch.corpus.index import CorpusIndex
from mm_orch.corpus.preparing import Preparing
from mm_orch.database import Database
from mm_orch.documents.reader import read_document
from mm_orch.errors import FetchError
from mm_orch.records.page import Page


def index(*texts: str) -> CorpusIndex:
    """A corpus with a document a text, called ``/0``, ``/1`` …"""
    made = CorpusIndex(Database(None), clock=lambda: 1000.0)
    if texts:
        made.store([document(f"/{number}", text) for number, text in enumerate(texts)])
    return made


def document(address: str, text: str, title: str = "") -> Prepared:
    data = text.encode()
    return prepare(address, Stamp.of(data), Page("", title, text, "text/markdown"))


class HereReader:
    """Reads documents in this process."""

    async def read(self, data: bytes, media_type: str, url: str, charset: str | None) -> Page:
        return read_document(data, media_type, url, charset)


class Web:
    """A ``PageFetcher`` over ``pages``, by URL."""

    def __init__(self, pages: dict[str, str] | None = None) -> None:
        self.pages = pages or {}

    async def fetch(self, url: str) -> Page:
        if url not in self.pages:
            raise FetchError(f"{url!r} is gone")
        return Page(url, "A page", self.pages[url])


class Adder:
    """Adds to ``index`` and keeps what it is told."""

    def __init__(self, index: CorpusIndex, web: Web | None = None, reader: HereReader | None = None) -> None:
        self.told: list[Outcome] = []
        self.preparing = Preparing(1)
        self._adding = Adding(
            index, reader or HereReader(), web or Web(), self.preparing, self.told.append, max_bytes=1_000_000
        )

    async def add(self, *sources: Path | str) -> list[tuple[str, str]]:
        """What became of each file, by kind and name without its folder; sorted."""
        self.told.clear()
        self.failed = await self._adding.add([str(source) for source in sources])
        return sorted((outcome.kind, Path(outcome.name).name) for outcome in self.told)


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def addresses(found: CorpusIndex) -> list[str]:
    return [each.address for each in found.documents()]
