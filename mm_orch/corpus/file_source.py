"""One file as a document: looked at, compared with what is stored of it, its bytes read."""

from __future__ import annotations

import codecs
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from mm_orch.corpus import kinds
from mm_orch.corpus.document import Stamp
from mm_orch.errors import FetchError, UnsupportedMedia

_LOOKED_AT = 8192  # bytes


@dataclass(frozen=True, slots=True)
class RawText:
    """A file that was read: ``name`` is its own, ``media_type`` empty where its bytes have to tell."""

    address: str
    stamp: Stamp
    media_type: str
    name: str
    data: bytes


def read_file(path: Path, address: str, stored: Stamp | None, max_bytes: int) -> RawText | Stamp:
    """The file at ``path``, of at most ``max_bytes``; its stamp alone where the content is what is ``stored``.

    Raises ``FetchError`` for a file that is missing, too large, not readable or no document.
    """
    try:
        status = path.stat()
        if stored and (stored.size, stored.mtime_ns) == (status.st_size, status.st_mtime_ns):
            return stored
        data = _bytes(path, status, max_bytes)
    except OSError as error:
        raise FetchError("text", text=error.strerror or str(error)) from error
    stamp = Stamp.of(data, status.st_mtime_ns)
    if stored and stored.sha256 == stamp.sha256:
        return stamp
    name = path.name.encode("utf-8", "replace").decode("utf-8")
    return RawText(address, stamp, _media_type(path, data), name, data)


def _bytes(path: Path, status: os.stat_result, most: int) -> bytes:
    if not stat.S_ISREG(status.st_mode):
        raise FetchError("no_file")
    if status.st_size <= most:
        with path.open("rb") as file:
            data = file.read(most + 1)
        if len(data) <= most:
            return data
    raise FetchError("file_too_large", size=status.st_size / 1e6, most=most / 1e6)


def _media_type(path: Path, data: bytes) -> str:
    if not data.strip():
        raise FetchError("file_empty")
    kind = kinds.media_type(path)
    if not kind and kinds.is_other(path):
        raise UnsupportedMedia("no_document_by_name")
    return "" if kind in kinds.PLAIN and _is_binary(data) else kind


def _is_binary(data: bytes) -> bool:
    """Whether a file may be called text and is none; UTF-16 says so in its first bytes."""
    return b"\0" in data[:_LOOKED_AT] and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
