"""One file's bytes, without a hub: what fetches from one is tested with ``downloads``."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mm_orch.errors import DownloadError
from mm_orch.runtime.hub_transfer import HubFile, Transfer


def test_a_large_file_is_named_by_its_sha256_and_one_in_git_by_gits(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"hello\n")
    assert HubFile("m.gguf", 6, "0" * 64).name_of(path) == hashlib.sha256(b"hello\n").hexdigest()
    assert HubFile("m.gguf", 6, "0" * 40).name_of(path) == "ce013625030ba8dba906f756967f9e9ca394464a"


def test_what_came_whole_before_is_checked_and_named_without_the_network(tmp_path: Path) -> None:
    content = hashlib.sha256(b"GGUF").hexdigest()
    blob = tmp_path / "blobs" / content
    blob.parent.mkdir()
    blob.with_name(f"{content}.incomplete").write_bytes(b"GGUF")
    Transfer(HubFile("m.gguf", 4, content), "http://127.0.0.1:9", None).into(blob, tmp_path / "locks" / "one")
    assert blob.read_bytes() == b"GGUF"


def test_what_is_not_what_the_hub_said_is_deleted(tmp_path: Path) -> None:
    blob = tmp_path / ("0" * 64)
    partial = blob.with_name(f"{blob.name}.incomplete")
    partial.write_bytes(b"GGUF")
    with pytest.raises(DownloadError, match="sha256"):
        Transfer(HubFile("m.gguf", 4, blob.name), "http://127.0.0.1:9", None).into(blob, tmp_path / "lock")
    assert not partial.exists()
