"""Adding to the corpus: files, folders and pages of the web, read, compared with what is stored, and stored."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from mm_orch.corpus import kinds
from mm_orch.corpus.address import is_web, of_path, path_of
from mm_orch.corpus.batch import Batch
from mm_orch.corpus.document import Prepared, Stamp, fingerprint, prepare
from mm_orch.corpus.file_source import FileSource
from mm_orch.corpus.folder import Unreadable, files
from mm_orch.corpus.index import CorpusIndex
from mm_orch.corpus.outcome import Kind, Outcome
from mm_orch.errors import FetchError
from mm_orch.protocols import PageFetcher

_AT_ONCE = 8  # files that are read at the same time


class Adding:
    """Additions to ``index``. ``tell`` hears what became of each source once that is settled and stored."""

    def __init__(
        self, index: CorpusIndex, source: FileSource, fetcher: PageFetcher, tell: Callable[[Outcome], None]
    ) -> None:
        """``fetcher`` reads the URLs, which a person typed."""
        self._index, self._source, self._fetcher = index, source, fetcher
        self._told = tell
        self._batch = Batch(index, self._tell)
        self._failed: set[str] = set()

    async def add(self, sources: Sequence[str]) -> list[str]:
        """Add paths and URLs. One that fails does not keep the others back: those that did are returned.

        Of a folder, documents whose files are gone are removed. Interrupted, it keeps what it had read. Raises
        ``StorageError``.
        """
        try:
            return [source for source in sources if await self._add(source) in self._failed]
        finally:
            self._batch.store()

    async def _add(self, source: str) -> str:
        """Add one source; returns the name under which it is told."""
        if is_web(source):
            await self._add_page(source)
            return source
        path = Path(os.path.realpath(Path(source).expanduser()))
        if path.is_dir():
            await self._add_folder(path)
        else:
            await self._add_files([path])
        return str(path)

    async def _add_page(self, url: str) -> None:
        try:
            page = await self._fetcher.fetch(url)
        except FetchError as error:
            self._tell(Outcome("failed", url, str(error)))
            return
        data = page.text.encode("utf-8", "replace")
        stored, stamp = self._index.stamp(url), Stamp(len(data), None, fingerprint(data))
        if stored == stamp:
            self._tell(Outcome("unchanged", url))
        else:
            self._put(prepare(url, stamp, page), stored)

    async def _add_folder(self, folder: Path) -> None:
        await self._add_files(self._documents(folder))
        self._batch.store()
        gone = [address for address in self._index.addresses(of_path(folder)) if _is_gone(path_of(address))]
        self._index.remove(gone)
        for address in gone:
            self._tell(Outcome("removed", str(path_of(address)), "its file is gone"))

    def _documents(self, folder: Path) -> Iterable[Path]:
        for found in files(folder):
            if isinstance(found, Unreadable):
                self._tell(Outcome("failed", str(found.path), found.reason))
            elif kinds.is_other(found):
                self._tell(Outcome("left out", str(found)))
            else:
                yield found

    async def _add_files(self, paths: Iterable[Path]) -> None:
        reading: deque[asyncio.Task[None]] = deque()
        try:
            for path in paths:
                reading.append(asyncio.create_task(self._add_file(path)))
                if len(reading) >= _AT_ONCE:
                    await reading.popleft()
            while reading:
                await reading.popleft()
        finally:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)

    async def _add_file(self, path: Path) -> None:
        address = of_path(path)
        stored = self._index.stamp(address)
        try:
            stamp, page = await self._source.read(path, stored)
        except FetchError as error:
            self._tell(Outcome("failed", str(path), str(error)))
            return
        if page is not None:
            self._put(prepare(address, stamp, page), stored)
        elif stamp == stored:
            self._tell(Outcome("unchanged", str(path)))
        else:
            self._batch.same(address, stamp, Outcome("unchanged", str(path)))

    def _put(self, document: Prepared, stored: Stamp | None) -> None:
        name = document.address if is_web(document.address) else str(path_of(document.address))
        kind: Kind = "replaced" if stored else "added"
        self._batch.put(document, Outcome(kind, name, "; ".join(document.page.warnings)))

    def _tell(self, outcome: Outcome) -> None:
        if outcome.kind == "failed":
            self._failed.add(outcome.name)
        self._told(outcome)


def _is_gone(path: Path) -> bool:
    """Whether there is no such file any more; one that cannot be looked at may be there."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
