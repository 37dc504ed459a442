"""The layout of the Hugging Face cache."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mm_orch.runtime import hub_cache
from mm_orch.runtime.hub_cache import Place

COMMIT = "a" * 40


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place("user/repo", COMMIT, "sub/m.gguf", "content", tmp_path)
    made.blob.parent.mkdir(parents=True)
    made.blob.write_bytes(b"GGUF")
    return made


def test_a_name_leads_to_its_content_and_both_can_go(place: Place) -> None:
    place.link()
    place.link()
    assert place.pointer.read_bytes() == b"GGUF"
    assert place.lock.parent.parent.name == ".locks"
    place.discard()
    assert not place.blob.exists()
    assert not place.pointer.is_symlink()


def test_the_files_of_a_revision_are_found_by_its_name_or_commit(place: Place, tmp_path: Path) -> None:
    place.link()
    hub_cache.record("user/repo", "main", COMMIT, tmp_path)
    snapshot = place.pointer.parent.parent
    for revision in (None, "main", COMMIT):
        assert list(hub_cache.snapshots("user/repo", revision, tmp_path)) == [snapshot]
    assert list(hub_cache.snapshots("user/repo", "v2", tmp_path)) == []
    assert hub_cache.files(snapshot) == ["sub/m.gguf"]


def test_without_a_revision_the_newest_of_the_others_comes_first(tmp_path: Path) -> None:
    folders = [tmp_path / "models--user--repo" / "snapshots" / name for name in ("old", "new")]
    for time, folder in enumerate(folders):
        folder.mkdir(parents=True)
        os.utime(folder, (time, time))
    assert list(hub_cache.snapshots("user/repo", None, tmp_path)) == folders[::-1]


@pytest.mark.parametrize("revision", [COMMIT, "../../evil", "/evil"])
def test_a_revision_that_is_no_name_is_not_recorded(revision: str, tmp_path: Path) -> None:
    hub_cache.record("user/repo", revision, COMMIT, tmp_path)
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"HF_HUB_CACHE": "/a"}, Path("/a")),
        ({"HF_HOME": "/b"}, Path("/b/hub")),
        ({"XDG_CACHE_HOME": "/c"}, Path("/c/huggingface/hub")),
        ({}, Path("~/.cache/huggingface/hub").expanduser()),
    ],
)
def test_the_folder_is_where_the_environment_says(
    variables: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert hub_cache.folder() == folder
