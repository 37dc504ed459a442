"""A response's body, read with a cap on what arrives and on what it unpacks to: a little can become a lot."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

from mm_orch.errors import FetchError

ENCODINGS = "gzip, deflate"
_GZIP = 16 + zlib.MAX_WBITS
_TOO_LARGE = "Choose another page, or raise fetch.max_bytes"


async def read_body(chunks: AsyncIterator[bytes], encoding: str, max_bytes: int, url: str) -> bytes:
    """The unpacked body: at most ``max_bytes`` are received and at most as many come out.

    ``encoding`` is the ``Content-Encoding``. Raises ``FetchError`` for a body that is larger, that is packed in a
    way that was not asked for, or that is damaged.
    """
    unpack = _unpacker(encoding, max_bytes, url)
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        if received > max_bytes:
            raise too_large(url, max_bytes)
        try:
            unpack.feed(chunk)
        except zlib.error as error:
            raise FetchError(f"{url!r} sent damaged {encoding} data: {error}", hint="Try again") from error
    return unpack.finish()


def too_large(url: str, max_bytes: int) -> FetchError:
    """The error for a page above the cap."""
    return FetchError(f"{url!r} is larger than {max_bytes:,} bytes", hint=_TOO_LARGE)


def _unpacker(encoding: str, max_bytes: int, url: str) -> _Plain:
    named = encoding.strip().lower()
    if named in ("", "identity"):
        return _Plain(max_bytes, url)
    if named in ("gzip", "x-gzip", "deflate"):
        return _Packed(named == "deflate", max_bytes, url)
    raise FetchError(f"{url!r} is packed as {encoding!r}, which was not asked for", hint="Choose another page")


class _Plain:
    """Keeps what arrives."""

    def __init__(self, max_bytes: int, url: str) -> None:
        self._parts: list[bytes] = []
        self._left = max_bytes
        self._max_bytes = max_bytes
        self._url = url

    def feed(self, chunk: bytes) -> None:
        self._keep(chunk)

    def finish(self) -> bytes:
        return b"".join(self._parts)

    def _keep(self, part: bytes) -> None:
        self._left -= len(part)
        if self._left < 0:
            raise too_large(self._url, self._max_bytes)
        self._parts.append(part)


class _Packed(_Plain):
    """Unpacks as far as the cap allows and no further; a gzip file may have several members."""

    def __init__(self, deflate: bool, max_bytes: int, url: str) -> None:
        super().__init__(max_bytes, url)
        self._deflate = deflate
        self._stream = zlib.decompressobj(zlib.MAX_WBITS if deflate else _GZIP)
        self._started = False

    def feed(self, chunk: bytes) -> None:
        while chunk:
            if self._stream.eof:
                if self._deflate or not chunk.startswith(b"\x1f\x8b"):
                    return  # padding after the end
                self._stream = zlib.decompressobj(_GZIP)
            self._keep(self._unpack(chunk))
            chunk = self._stream.unused_data

    def finish(self) -> bytes:
        if self._started and not self._stream.eof:
            raise FetchError(f"{self._url!r} ended in the middle", hint="Try again")
        return super().finish()

    def _unpack(self, chunk: bytes) -> bytes:
        try:
            part = self._stream.decompress(chunk, self._left + 1)
        except zlib.error:
            if self._started or not self._deflate:
                raise
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)  # servers disagree on what deflate means
            part = self._stream.decompress(chunk, self._left + 1)
        self._started = True
        return part
