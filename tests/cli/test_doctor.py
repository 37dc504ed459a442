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


def test_what_is_searched_is_told_and_a_key_is_never_shown(
    tiny_gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRAVE_API_KEY", "sesame-4711")
    (tmp_path / "tea.md").write_text("Tea grows on hills.", encoding="utf-8")
    muai("corpus", "add", str(tmp_path / "tea.md"))
    ran = muai("doctor", "-m", str(tiny_gguf))
    assert ran.code == 0, ran.out
    for said in ("asks ddgs", "BRAVE_API_KEY is set, TAVILY_API_KEY is not set", "corpus: 1 documents of yours"):
        assert said in ran.out
    assert "4711" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("provider", "lacks"),
    [("tavily", "TAVILY_API_KEY"), ("searxng", "search.searxng_url"), ("duckduck", "Did you mean 'duckduckgo'")],
)
def test_a_provider_that_lacks_something_is_what_does_not_work(
    tiny_gguf: Path, monkeypatch: pytest.MonkeyPatch, provider: str, lacks: str
) -> None:
    monkeypatch.setenv("MUAI_SEARCH__PROVIDERS", provider)
    ran = muai("doctor", "-m", str(tiny_gguf))
    assert ran.code == 1
    assert "Not working: search" in ran.out
    assert lacks in ran.out
