from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mm_orch.corpus.document import Stamp
from mm_orch.corpus.file_source import RawText, read_file
from mm_orch.errors import FetchError


def read(path: Path, stored: Stamp | None = None, most: int = 1000) -> RawText | Stamp:
    return read_file(path, "/a", stored, most)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.md", "text/markdown"),
        ("a.TXT", "text/plain"),
        ("a.html", "text/html"),
        ("a.pdf", "application/pdf"),
        ("a.epub", "application/epub+zip"),
        ("a.py", "text/x-python"),
        ("README", ""),
    ],
)
def test_the_name_tells_the_media_type(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / name).write_bytes(b"words")
    raw = read(tmp_path / name)
    assert isinstance(raw, RawText)
    assert (raw.media_type, raw.name, raw.data) == (kind, name, b"words")
    assert raw.stamp.sha256 == Stamp.of(b"words").sha256


def test_bytes_that_are_no_text_let_the_bytes_decide(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"GIF\0\0\1")
    raw = read(path)
    assert isinstance(raw, RawText)
    assert raw.media_type == ""
    path.write_bytes("ab".encode("utf-16"))
    raw = read(path)
    assert isinstance(raw, RawText)
    assert raw.media_type == "text/plain"


def test_a_file_of_the_same_size_and_time_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"words")
    stored = Stamp(5, path.stat().st_mtime_ns, "whatever")
    assert read(path, stored) is stored


def test_a_file_with_the_same_content_has_a_new_stamp_only(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"words")
    assert read(path, Stamp.of(b"words", 1)) == Stamp.of(b"words", path.stat().st_mtime_ns)


def test_a_change_of_the_same_size_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"words")
    assert isinstance(read(path, Stamp.of(b"sword", 1)), RawText)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.md", b"x" * 1001, "more than the 0.0 MB"),
        ("a.md", b" \n", "it is empty"),
        ("a.zip", b"x", "its name says that it is no document"),
    ],
)
def test_a_file_that_cannot_be_a_document_is_told(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FetchError, match=says):
        read(tmp_path / name)


def test_a_file_of_200_mb_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(FetchError, match=r"it has 200\.0 MB, more than the 100\.0 MB that are read") as error:
        read(path, most=100_000_000)
    assert error.value.hint == "Raise corpus.max_bytes"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="No such file"):
        read(tmp_path / "gone.md")


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes of POSIX")
@pytest.mark.timeout(10)
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(FetchError, match="neither a file nor a folder"):
        read(tmp_path / "pipe.md")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user with limits")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"words")
    path.chmod(0)
    with pytest.raises(FetchError, match="Permission denied"):
        read(path)
