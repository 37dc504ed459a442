"""Fetching models from a hub on the loopback, using and removing them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch.cli.downloads_view import human_size
from tests.cli.program import muai
from tests.fixtures.hub import Hub, Repo

REPO = "someone/tiny-GGUF"


@pytest.fixture
def tiny_hub(hub: Hub, tiny_gguf: Path) -> Hub:
    hub.repos[REPO] = Repo({"tiny.Q4_K_M.gguf": tiny_gguf.read_bytes()})
    return hub


def test_pull_says_what_it_fetches_and_prints_where_it_is(tiny_hub: Hub) -> None:
    ran = muai("pull", REPO)
    assert ran.code == 0
    path = Path(ran.out.strip())
    assert path.is_file()
    assert f"fetching tiny.Q4_K_M.gguf ({human_size(path.stat().st_size)}) of {REPO} into " in ran.err
    assert muai("models", "pull", f"{REPO}:Q4_K_M").out == ran.out
    assert tiny_hub.downloads() == ["tiny.Q4_K_M.gguf"]


def test_a_model_is_fetched_at_its_first_use_and_not_again(tiny_hub: Hub) -> None:
    words = ("-m", REPO, "--workflow", "chat_generate", "-n", "2", "hello")
    first, second = muai(*words), muai(*words)
    assert (first.code, second.code) == (0, 0)
    assert "fetching tiny.Q4_K_M.gguf" in first.err
    assert "fetching" not in second.err
    assert tiny_hub.downloads() == ["tiny.Q4_K_M.gguf"]


def test_offline_nothing_is_fetched(tiny_hub: Hub) -> None:
    ran = muai("-m", REPO, "--offline", "--workflow", "chat_generate", "hello")
    assert (ran.code, f"muai pull {REPO}" in ran.err) == (1, True)
    assert tiny_hub.requests == []


def test_what_was_fetched_can_be_removed(tiny_hub: Hub) -> None:
    path = Path(muai("pull", REPO).out.strip())
    ran = muai("models", "remove", REPO, "--yes")
    assert ran.out.startswith("deleted tiny.Q4_K_M.gguf")
    assert not path.exists()


def test_an_unknown_repository_is_one_line(tiny_hub: Hub) -> None:
    ran = muai("pull", "someone/else-GGUF")
    assert ran.code == 1
    assert ran.err.splitlines()[-1].startswith("error: ")
    assert "someone/else-GGUF" in ran.err


def test_parts_are_merged_to_a_file_that_is_sound(
    split_gguf: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = muai("models", "merge", str(split_gguf[0]))
    assert (ran.code, ran.out) == (0, "tiny.gguf\n")
    assert "sound" in muai("models", "check", "tiny.gguf").out
    again = muai("models", "merge", str(split_gguf[0]))
    assert (again.code, "already" in again.err) == (2, True)


def test_a_part_that_is_missing_is_one_line(split_gguf: list[Path], tmp_path: Path) -> None:
    split_gguf[2].unlink()
    ran = muai("models", "merge", str(split_gguf[0]), str(tmp_path / "out.gguf"))
    assert (ran.code, ran.out, "00003-of-00003" in ran.err) == (1, "", True)
    assert not (tmp_path / "out.gguf").exists()
