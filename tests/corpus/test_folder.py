from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mm_orch.corpus.folder import Unreadable, files
from tests.corpus.library import write

posix = pytest.mark.skipif(sys.platform == "win32", reason="links and permissions of POSIX")


def names(root: Path) -> list[str]:
    return [str(found.relative_to(root)) for found in files(root) if isinstance(found, Path)]


def test_files_come_by_name_folders_after_the_files_beside_them(tmp_path: Path) -> None:
    root = write(tmp_path, {"b.md": "", "a/2.md": "", "a/1.md": "", "a/z/0.md": "", "c.md": ""})
    assert names(root) == [str(Path(name)) for name in ("b.md", "c.md", "a/1.md", "a/2.md", "a/z/0.md")]


def test_hidden_files_and_folders_of_version_control_are_left_out(tmp_path: Path) -> None:
    root = write(tmp_path, {".a.md": "", ".git/x.md": "", "CVS/y.md": "", "node_modules/z.md": "", "b.md": ""})
    assert names(root) == ["b.md"]


def test_a_folder_that_is_hidden_itself_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    root = write(tmp_path / ".notes", {"a.md": ""})
    assert names(root) == ["a.md"]


@posix
@pytest.mark.timeout(10)
def test_links_that_go_round_end(tmp_path: Path) -> None:
    root, outside = write(tmp_path / "in", {"a.md": ""}), write(tmp_path / "out", {"b.md": ""})
    (root / "self").symlink_to(root)
    (root / "again.md").symlink_to(root / "a.md")
    (root / "out").symlink_to(outside)
    (outside / "back").symlink_to(root)
    (outside / "round").symlink_to(outside)
    assert names(root) == ["a.md", "out/b.md"]


@posix
def test_a_link_to_nothing_and_a_closed_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to(tmp_path.parent / "nothing")
    told = [found for found in files(tmp_path) if isinstance(found, Unreadable)]
    assert [(each.path.name, each.reason) for each in told] == [("gone.md", "No such file or directory")]


@posix
def test_what_is_no_file_is_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert names(tmp_path) == []
