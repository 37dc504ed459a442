"""Zip files within bounds."""

from __future__ import annotations

import struct

import pytest

from mm_orch.documents.archive import Archive
from mm_orch.errors import FetchError
from tests.fixtures.documents import archive

_URL = "/a.docx"


def test_parts_are_read_by_name() -> None:
    opened = Archive(archive({"a": b"1", "b/c": b"2"}), _URL, "Word document")
    assert opened.names == ["a", "b/c"]
    assert "a" in opened
    assert opened.read("b/c") == b"2"
    with pytest.raises(FetchError, match="has no part 'd'"):
        opened.read("d")


def test_a_part_that_declares_less_than_it_holds_gives_no_more_than_it_declared() -> None:
    packed = archive({"a": b"x" * 5_000_000})
    lying = packed.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 100))
    with pytest.raises(FetchError, match="damaged"):
        Archive(lying, _URL, "Word document").read("a")


def test_parts_that_are_read_again_and_again_are_counted() -> None:
    opened = Archive(archive({"a": b"x" * 600_000}), _URL, "Word document")
    opened.read("a")
    with pytest.raises(FetchError, match="unpacks to far more"):
        opened.read("a")


def test_an_encrypted_part_says_so() -> None:
    packed = bytearray(archive({"a": b"words"}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FetchError, match="is encrypted"):
        Archive(bytes(packed), _URL, "Word document").read("a")
