"""A name is taken while its process lives, and free when it is gone, however it went."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mm_orch.errors import StorageError
from mm_orch.storage.sqlite.owner import Owner, is_gone, sweep

HOLD = """
import sys
from pathlib import Path
from mm_orch.storage.sqlite.owner import Owner
owner = Owner(Path(sys.argv[1]))
print(owner.name, flush=True)
sys.stdin.read()
"""


def test_a_name_is_taken_until_it_is_given_back(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    name = owner.name
    assert owner.name == name
    assert not is_gone(tmp_path, name)
    owner.close()
    owner.close()
    assert is_gone(tmp_path, name)


def test_a_name_is_free_once_its_process_was_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        alive = is_gone(tmp_path, name)
        process.kill()
    assert not alive
    assert is_gone(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_leaves_those_who_live(tmp_path: Path) -> None:
    (tmp_path / "old").touch()
    owner = Owner(tmp_path)
    name = owner.name
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    sweep(tmp_path / "nowhere")
    owner.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot hold a lock"):
        _ = Owner(tmp_path / "file").name
