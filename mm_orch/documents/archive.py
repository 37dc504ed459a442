"""Zip files of XML that documents are made of, read within bounds: 40 kB can unpack to gigabytes, or call out."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

from mm_orch.errors import FetchError
from mm_orch.words import Sentence

_TOTAL = 300_000_000  # bytes that all parts together may unpack to
_RATIO = 200  # unpacked bytes for each packed one; text hardly passes 20
_ALWAYS_FINE = 1_000_000  # bytes unpacked, whatever the ratio
_PARTS = 20_000
_DECLARES = re.compile(rb"<!DOCTYPE[^>]{0,2000}\[|<!ENTITY", re.IGNORECASE)


class Archive:
    """The parts of ``data`` by name. ``what`` names the kind of document in errors.

    Raises ``FetchError`` for a file that is no sound archive, is encrypted, or unpacks to too much: by what it
    declares at once, by what it really holds while it is read.
    """

    def __init__(self, data: bytes, url: str, what: Sentence) -> None:
        self._url, self._what = url, what
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            raise self.damaged(error) from error
        self._left = min(_TOTAL, max(_ALWAYS_FINE, len(data) * _RATIO))
        self._parts = {part.filename: part for part in self._zip.infolist()}
        if len(self._zip.infolist()) > _PARTS or sum(part.file_size for part in self._zip.infolist()) > self._left:
            raise self._too_large()

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        return list(self._parts)

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def read(self, name: str) -> bytes:
        """The bytes of one part; ``FetchError`` where it is missing, damaged or encrypted."""
        part = self._parts.get(name)
        if part is None:
            raise self.damaged(Sentence("reason.no_part", {"name": name}))
        if part.flag_bits & 1:
            raise FetchError("archive_encrypted", url=self._url)
        try:
            with self._zip.open(part) as opened:
                data = opened.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError) as error:
            raise self.damaged(error) from error
        self._left -= len(data)
        if self._left < 0:
            raise self._too_large()
        return data

    def xml(self, name: str) -> Any:
        """The root element of one part; entities, other files and the network are left alone.

        ``FetchError`` also for XML that is broken or declares entities.
        """
        from lxml import etree

        data = self.read(name)
        if _DECLARES.search(data[:100_000]):
            raise FetchError("archive_entities", url=self._url, what=self._what)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.damaged(error) from error

    def damaged(self, why: object) -> FetchError:
        """The error for a document that breaks off or contradicts itself."""
        return FetchError("archive_damaged", url=self._url, what=self._what, why=why)

    def _too_large(self) -> FetchError:
        return FetchError("archive_too_large", url=self._url, what=self._what)
