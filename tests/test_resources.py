from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch import resources


def test_home_is_the_folder_that_the_environment_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MUAI_HOME", str(tmp_path / "mine"))
    assert resources.home() == tmp_path / "mine"


def test_home_is_absolute_and_understands_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("MUAI_HOME", "~/muai")
    assert resources.home() == tmp_path / "muai"
    monkeypatch.setenv("MUAI_HOME", "relative")
    assert resources.home().is_absolute()


def test_home_without_a_variable_is_a_folder_for_application_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MUAI_HOME")
    assert resources.home().name == "muai"
    assert resources.home() != Path.cwd() / "muai"


def test_asking_for_home_creates_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MUAI_HOME", str(tmp_path / "later"))
    resources.home()
    resources.folders("prompts")
    assert not (tmp_path / "later").exists()


def test_shipped_config_is_found() -> None:
    assert (resources.shipped("config") / "default.yaml").is_file()


def test_the_users_folder_comes_after_the_shipped_one(own_home: Path) -> None:
    assert resources.folders("workflows") == [resources.shipped("workflows")]
    (own_home / "workflows").mkdir()
    assert resources.folders("workflows") == [resources.shipped("workflows"), own_home / "workflows"]


def test_the_users_config_is_home_itself(own_home: Path) -> None:
    assert resources.folders("config") == [resources.shipped("config"), own_home]
