"""Files are checked before a run and written whole or not at all."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from mm_orch.errors import MuAIError, UsageError
from mm_orch.exports.saving import EXPORTERS, checked, save
from mm_orch.protocols import Exporter
from tests.exports.results import TEA

posix = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
not_root = pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root writes everywhere")


@pytest.mark.parametrize(("ending", "start"), [(".md", "# "), (".html", "<!DOCTYPE html>"), (".JSON", "{")])
def test_the_ending_says_what_is_written(tmp_path: Path, ending: str, start: str) -> None:
    [path] = checked([str(tmp_path / f"tea{ending}")])
    save(path, "What is tea?", TEA)
    assert path.read_text(encoding="utf-8").startswith(start)


@pytest.mark.parametrize("ending", sorted(EXPORTERS))
def test_every_exporter_writes_any_result_and_is_found_by_its_ending(ending: str) -> None:
    exporter = EXPORTERS[ending]
    assert isinstance(exporter, Exporter)
    assert exporter.ending == ending
    assert exporter.accepts(TEA)
    assert b"Tea" in exporter.write("What is tea?", TEA)


def test_json_is_the_runs_document(tmp_path: Path) -> None:
    save(tmp_path / "tea.json", "q", TEA)
    document = json.loads((tmp_path / "tea.json").read_text(encoding="utf-8"))
    assert document["sources"][0]["quote"] == "Tea is served hot."


@pytest.mark.parametrize("name", ["tea.pdf", "tea", ".md", "tea.md.txt"])
def test_an_unknown_ending_names_the_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.md, \.html, \.json"):
        checked([str(tmp_path / name)])


def test_a_folder_and_a_file_in_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "is.md").mkdir()
    for name, why in (("is.md", "it is a folder"), ("no/tea.md", "there is no folder")):
        with pytest.raises(UsageError, match=why):
            checked([str(tmp_path / name)])


@not_root
@posix
def test_a_folder_that_is_read_only_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="read-only"):
        checked([str(tmp_path / "tea.md")])


def test_an_old_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "tea.md"
    path.write_text("old", encoding="utf-8")
    save(path, "What is tea?", TEA)
    assert path.read_text(encoding="utf-8").startswith("# What is tea?")
    assert os.listdir(tmp_path) == ["tea.md"]


def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "tea.md"
    path.mkdir()
    with pytest.raises(MuAIError, match="cannot be written"):
        save(path, "q", TEA)
    assert os.listdir(tmp_path) == ["tea.md"]


@posix
def test_the_mode_of_an_old_file_stays_and_links_are_followed(tmp_path: Path) -> None:
    real, link = tmp_path / "real.md", tmp_path / "link.md"
    real.touch(0o640)
    link.symlink_to(real)
    save(link, "q", TEA)
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert real.read_text(encoding="utf-8").startswith("# q")
