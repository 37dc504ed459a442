"""Bodies with a cap."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.errors import FetchError
from mm_orch.providers.http_body import Body, read_body

_URL = "http://a/"


async def _pieces(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def _read(data: bytes, encoding: str = "", size: int = 1000, cap: int = 10_000) -> bytes:
    body = await _body(data, encoding, size, cap)
    assert body.is_whole
    return body.data


async def _body(data: bytes, encoding: str = "", size: int = 1000, cap: int = 10_000) -> Body:
    return await read_body(_pieces(data, size), encoding, cap, _URL)


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@given(data=st.binary(max_size=5000), size=st.integers(2, 700))
async def test_a_body_comes_back_whole_however_it_is_packed_and_cut(data: bytes, size: int) -> None:
    assert await _read(data, "", size) == data
    assert await _read(gzip.compress(data), "gzip", size) == data
    assert await _read(zlib.compress(data), "deflate", size) == data
    assert await _read(_raw_deflate(data), "deflate", size) == data


async def test_members_of_a_gzip_body_are_joined_and_padding_is_dropped() -> None:
    assert await _read(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 50, "X-Gzip", 7) == b"one two"


@pytest.mark.parametrize("encoding", ["", "gzip"])
async def test_the_cap_itself_is_allowed_and_one_byte_more_is_cut_off(encoding: str) -> None:
    def packed(count: int) -> bytes:
        return gzip.compress(b"x" * count) if encoding else b"x" * count

    assert len(await _read(packed(10_000), encoding)) == 10_000
    assert await _body(packed(10_001), encoding) == Body(b"x" * 10_000, is_whole=False)


async def test_a_bomb_is_not_unpacked_beyond_the_cap() -> None:
    kept: list[int] = []

    async def counted() -> AsyncIterator[bytes]:
        async for piece in _pieces(gzip.compress(b"\0" * 50_000_000), 100):
            kept.append(len(piece))
            yield piece

    assert await read_body(counted(), "gzip", 10_000, _URL) == Body(b"\0" * 10_000, is_whole=False)
    assert sum(kept) <= 1000


async def test_what_arrives_is_capped_even_where_it_unpacks_to_nothing() -> None:
    empty = gzip.compress(b"") * 1000
    assert await _body(empty, "gzip") == Body(b"", is_whole=False)


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ("茶茶\n茶".encode()[:-1], "茶茶\n"),
        (b"<p>one</p><p>tw", "<p>one</p><p>"),
        (b"one two th", "one two "),
        (b"onetwothree", "onetwothree"),
        (b"", ""),
    ],
)
def test_a_body_that_was_cut_ends_where_nothing_is_torn(data: bytes, kept: str) -> None:
    assert Body(data, is_whole=False).at_boundary().decode() == kept
    assert Body(data).at_boundary() == data


@pytest.mark.parametrize(
    ("data", "encoding", "message"),
    [
        (b"not packed at all", "gzip", "sent damaged gzip data"),
        (gzip.compress(b"x" * 500)[:-9], "gzip", "ended in the middle"),
        (b"x", "br", "packed as 'br'"),
        (b"x", "gzip, gzip", "packed as 'gzip, gzip'"),
    ],
)
async def test_what_cannot_be_unpacked_is_an_error(data: bytes, encoding: str, message: str) -> None:
    with pytest.raises(FetchError, match=message):
        await _read(data, encoding)


async def test_an_empty_body_is_empty_even_where_it_claims_to_be_packed() -> None:
    assert await _read(b"", "gzip") == b""
