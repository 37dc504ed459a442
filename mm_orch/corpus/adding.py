"""Adding to the corpus: files, folders and pages of the web, read, compared with what is stored, and stored."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from mm_orch.corpus import kinds
from mm_orch.corpus.address import is_web, of_path, path_of, shown
from mm_orch.corpus.batch import Batch, Outcome
from mm_orch.corpus.document import Prepared, Stamp, prepare
from mm_orch.corpus.file_source import RawText, read_file
from mm_orch.corpus.folder import Unreadable, files
from mm_orch.corpus.index import CorpusIndex
from mm_orch.corpus.preparing import GROUP, Preparing
from mm_orch.errors import FetchError
from mm_orch.protocols import PageFetcher
from mm_orch.records.page import Page
from mm_orch.records.typed_url import TypedUrl

_AT_ONCE = 8  # files, or groups of plain ones, that are read at the same time
_GROUP_BYTES = 4_000_000
T = TypeVar("T")


class DocumentReader(Protocol):
    """Turns bytes into a page where that can be stopped. Raises ``FetchError``."""

    async def read(self, data: bytes, media_type: str, url: str, charset: str | None) -> Page:
        """The document's page. Raises ``FetchError``."""
        ...


class Adding:
    """Additions to ``index``. ``tell`` hears what became of each source once that is settled and stored."""

    def __init__(
        self,
        index: CorpusIndex,
        reader: DocumentReader,
        fetcher: PageFetcher,
        preparing: Preparing,
        tell: Callable[[Outcome], None],
        *,
        max_bytes: int,
    ) -> None:
        """``reader`` reads what needs a parser, ``fetcher`` the URLs, which a person typed; ``preparing`` cuts.

        Files of more than ``max_bytes`` are not read.
        """
        self._index, self._reader, self._fetcher, self._preparing = index, reader, fetcher, preparing
        self._max_bytes = max_bytes
        self._told = tell
        self._batch = Batch(index, self._tell)
        self._failed: set[str] = set()
        self._free = asyncio.Semaphore(_AT_ONCE)

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
            page = await self._fetcher.fetch(TypedUrl(url))
        except FetchError as error:
            self._tell(Outcome("failed", url, error))
            return
        data = page.text.encode("utf-8", "replace")
        stored, stamp = self._index.stamp(url), Stamp.of(data)
        if stored == stamp:
            self._tell(Outcome("unchanged", url))
        else:
            self._batch.put(prepare(url, stamp, page))

    async def _add_folder(self, folder: Path) -> None:
        await self._add_files(self._documents(folder))
        self._batch.store()
        gone = [address for address in self._index.addresses(of_path(folder)) if _is_gone(path_of(address))]
        if gone:
            self._index.remove(gone)
        for address in gone:
            self._tell(Outcome("removed", shown(address), "its file is gone"))

    def _documents(self, folder: Path) -> Iterable[Path]:
        for found in files(folder):
            if isinstance(found, Unreadable):
                self._tell(Outcome("failed", str(found.path), found.reason))
            elif kinds.is_other(found):
                self._tell(Outcome("left out", str(found)))
            else:
                yield found

    async def _add_files(self, paths: Iterable[Path]) -> None:
        group: list[RawText] = []
        try:
            async with asyncio.TaskGroup() as tasks:
                for raw in filter(None, map(self._read, paths)):
                    if raw.media_type in kinds.PLAIN:
                        group.append(raw)
                    else:
                        await self._start(tasks, self._add_parsed, raw)
                    if len(group) >= GROUP or sum(len(each.data) for each in group) > _GROUP_BYTES:
                        await self._start(tasks, self._add_plain, group)
                        group = []
                await self._start(tasks, self._add_plain, group)
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors

    async def _start(
        self, tasks: asyncio.TaskGroup, work: Callable[[T], Coroutine[Any, Any, None]], what: T
    ) -> None:
        """Begin once fewer than ``_AT_ONCE`` are at work."""
        await self._free.acquire()
        tasks.create_task(work(what)).add_done_callback(lambda done: self._free.release())

    def _read(self, path: Path) -> RawText | None:
        """The file, if its content is new; what else there is to tell of it is told."""
        address = of_path(path)
        stored = self._index.stamp(address)
        try:
            found = read_file(path, address, stored, self._max_bytes)
        except FetchError as error:
            self._tell(Outcome("failed", str(path), error))
            return None
        if isinstance(found, RawText):
            return found
        if found == stored:
            self._tell(Outcome("unchanged", str(path)))
        else:
            self._batch.same(address, found)
        return None

    async def _add_plain(self, group: Sequence[RawText]) -> None:
        for raw, made in zip(group, await self._preparing.prepare(group), strict=True):
            self._settle(raw, made)

    async def _add_parsed(self, raw: RawText) -> None:
        try:
            page = await self._reader.read(raw.data, raw.media_type, raw.name, None)
        except FetchError as error:
            self._settle(raw, error)
        else:
            self._settle(raw, prepare(raw.address, raw.stamp, page))

    def _settle(self, raw: RawText, made: Prepared | FetchError) -> None:
        if isinstance(made, FetchError):
            self._tell(Outcome("failed", shown(raw.address), made))
        else:
            self._batch.put(made)

    def _tell(self, outcome: Outcome) -> None:
        if outcome.kind == "failed":
            self._failed.add(outcome.name)
        self._told(outcome)


def _is_gone(path: Path) -> bool:
    """Whether there is no such file any more; one that cannot be looked at may be there."""
    try:
        return not path.exists()
    except OSError:
        return False
