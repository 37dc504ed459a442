"""One file as a document: looked at, compared with what is stored of it, read."""

from __future__ import annotations

import codecs
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mm_orch.corpus import kinds
from mm_orch.corpus.document import Stamp, fingerprint
from mm_orch.documents.reader import read_document
from mm_orch.errors import FetchError, UnsupportedMedia
from mm_orch.records.page import Page

_LOOKED_AT = 8192  # bytes


class DocumentReader(Protocol):
    """Turns bytes into a page where that can be stopped. Raises ``FetchError``."""

    async def read(self, data: bytes, media_type: str, url: str, charset: str | None) -> Page: ...


@dataclass(frozen=True, slots=True)
class FileSource:
    """Reads files of at most ``max_bytes``; what needs a parser is read by ``reader``."""

    reader: DocumentReader
    max_bytes: int

    async def read(self, path: Path, stored: Stamp | None) -> tuple[Stamp, Page | None]:
        """The file's stamp, and its page where it differs from what is ``stored``, else None.

        Raises ``FetchError`` for a file that is missing, too large, not readable or no document.
        """
        try:
            status = path.stat()
            if stored and (stored.size, stored.mtime_ns) == (status.st_size, status.st_mtime_ns):
                return stored, None
            data = self._bytes(path, status)
        except OSError as error:
            raise FetchError(error.strerror or str(error)) from error
        stamp = Stamp(len(data), status.st_mtime_ns, fingerprint(data))
        if stored and stored.sha256 == stamp.sha256:
            return stamp, None
        return stamp, await self._page(path, data)

    def _bytes(self, path: Path, status: os.stat_result) -> bytes:
        if not stat.S_ISREG(status.st_mode):
            raise FetchError("it is neither a file nor a folder")
        if status.st_size <= self.max_bytes:
            with path.open("rb") as file:
                data = file.read(self.max_bytes + 1)
            if len(data) <= self.max_bytes:
                return data
        raise FetchError(
            f"it has {status.st_size / 1e6:,.1f} MB, more than the {self.max_bytes / 1e6:,.1f} MB that are read",
            hint="Raise corpus.max_bytes",
        )

    async def _page(self, path: Path, data: bytes) -> Page:
        if not data.strip():
            raise FetchError("it is empty")
        kind = "" if _is_binary(data) else kinds.media_type(path)
        name = path.name.encode("utf-8", "replace").decode("utf-8")
        if kind in kinds.PLAIN:
            # No parser that could hang or crash, so no process of its own: most of a large corpus is such text.
            return read_document(data, kind, name)
        if not kind and kinds.is_other(path):
            raise UnsupportedMedia("its name says that it is no document")
        return await self.reader.read(data, kind, name, None)


def _is_binary(data: bytes) -> bool:
    """Whether a file may be called text and is none; UTF-16 says so in its first bytes."""
    return b"\0" in data[:_LOOKED_AT] and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
