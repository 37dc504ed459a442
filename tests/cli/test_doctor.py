"""What the doctor says of the machine and of a model on it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.program import muai


def test_a_machine_where_all_works(tiny_gguf: Path) -> None:
    ran = muai("doctor", "-m", str(tiny_gguf))
    assert ran.code == 0, ran.out
    for said in ("physical cores", "loaded in", "runs on", "llama.cpp finds: ", "was answered with"):
        assert said in ran.out


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for a program")
def test_a_gpu_that_this_build_cannot_use_is_named_with_the_way_to_build_for_it(
    tiny_gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nvidia-smi").write_text("#!/bin/sh\necho NVIDIA T4\n", encoding="utf-8")
    (tmp_path / "nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = muai("doctor", "-m", str(tiny_gguf))
    if "(cuda" in ran.out or "(metal" in ran.out:
        pytest.skip("this llama.cpp was built for a GPU that is here")
    assert ran.code == 0, ran.out
    assert "NVIDIA T4 is not used" in ran.out
    assert "setup --cuda" in ran.out


def test_a_model_that_does_not_load_is_what_does_not_work(tmp_path: Path) -> None:
    (tmp_path / "torn.gguf").write_bytes(b"GGUF" + bytes(20))
    ran = muai("doctor", "-m", str(tmp_path / "torn.gguf"))
    assert ran.code == 1
    assert "Not working: model" in ran.out
    assert "torn.gguf" in ran.out
