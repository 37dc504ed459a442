"""A response's body, read with a cap on what arrives and on what it unpacks to: a little can become a lot."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from mm_orch.errors import FetchError

ENCODINGS = "gzip, deflate"
_GZIP = 16 + zlib.MAX_WBITS
_TOO_LARGE = "Choose another page, or raise fetch.max_bytes"
_BOUNDARIES = (b"\n", b">", b" ")
_TAIL = 65_536  # bytes


@dataclass(frozen=True, slots=True)
class Body:
    """What was read; ``is_whole`` is False where there would have been more than the cap allows."""

    data: bytes
    is_whole: bool = True

    def at_boundary(self) -> bytes:
        """``data`` without what may be half a word, a tag or a character, where it was cut."""
        if self.is_whole:
            return self.data
        start = max(0, len(self.data) - _TAIL)
        end = next((at for mark in _BOUNDARIES if (at := self.data.rfind(mark, start)) >= 0), -1)
        return self.data[: end + 1] if end >= 0 else self.data


async def read_body(chunks: AsyncIterator[bytes], encoding: str, max_bytes: int, url: str) -> Body:
    """The unpacked body, or its beginning: at most ``max_bytes`` are received and at most as many come out.

    ``encoding`` is the ``Content-Encoding``. Raises ``FetchError`` for a body that is packed in a way that was not
    asked for, or that is damaged.
    """
    unpack = _unpacker(encoding, max_bytes, url)
    left = max_bytes
    async for chunk in chunks:
        try:
            unpack.feed(chunk[:left])
        except zlib.error as error:
            raise FetchError(f"{url!r} sent damaged {encoding} data: {error}", hint="Try again") from error
        left -= len(chunk)
        if left < 0 or unpack.is_full:
            return Body(unpack.kept(), is_whole=False)
    return Body(unpack.finish())


def too_large(url: str, max_bytes: int) -> FetchError:
    """The error for a document above the cap of which a part is worth nothing."""
    return FetchError(f"{url!r} is larger than {max_bytes:,} bytes", hint=_TOO_LARGE)


def _unpacker(encoding: str, max_bytes: int, url: str) -> _Plain:
    named = encoding.strip().lower()
    if named in ("", "identity"):
        return _Plain(max_bytes, url)
    if named in ("gzip", "x-gzip", "deflate"):
        return _Packed(named == "deflate", max_bytes, url)
    raise FetchError(f"{url!r} is packed as {encoding!r}, which was not asked for", hint="Choose another page")


class _Plain:
    """Keeps what arrives, up to the cap; ``is_full`` once there was more."""

    def __init__(self, max_bytes: int, url: str) -> None:
        self._parts: list[bytes] = []
        self._left = max_bytes
        self._url = url
        self.is_full = False

    def feed(self, chunk: bytes) -> None:
        self._keep(chunk)

    def kept(self) -> bytes:
        return b"".join(self._parts)

    def finish(self) -> bytes:
        """What was kept of a body that came to its end."""
        return self.kept()

    def _keep(self, part: bytes) -> None:
        self.is_full = len(part) > self._left
        self._parts.append(part[: self._left])
        self._left -= len(self._parts[-1])


class _Packed(_Plain):
    """Unpacks as far as the cap allows and no further; a gzip file may have several members."""

    def __init__(self, deflate: bool, max_bytes: int, url: str) -> None:
        super().__init__(max_bytes, url)
        self._deflate = deflate
        self._stream = zlib.decompressobj(zlib.MAX_WBITS if deflate else _GZIP)
        self._started = False

    def feed(self, chunk: bytes) -> None:
        while chunk and not self.is_full:
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
