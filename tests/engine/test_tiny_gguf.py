"""The fixture itself: what other tests take for granted."""

from __future__ import annotations

from pathlib import Path

from tests.fixtures.tiny_gguf import write_tiny_gguf


def test_the_same_seed_writes_the_same_bytes(tiny_gguf: Path, tmp_path: Path) -> None:
    again = write_tiny_gguf(tmp_path / "again.gguf")
    assert again.read_bytes() == tiny_gguf.read_bytes()


def test_another_seed_writes_other_bytes(tiny_gguf: Path, tmp_path: Path) -> None:
    other = write_tiny_gguf(tmp_path / "other.gguf", seed=8)
    assert other.read_bytes() != tiny_gguf.read_bytes()
