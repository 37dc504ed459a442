"""Heads on disk spare their evaluation at the next start, and are never anything but right."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

import pytest

from mm_orch.engine.supervisor import EngineProcess
from mm_orch.records.generation import GenerationResult
from mm_orch.records.message import Message
from tests.engine.asking import ask, engine_of, request
from tests.fixtures.tiny_gguf import write_tiny_gguf

HEAD = (Message("system", "what is the machine learning and answer in the world " * 8),)
OTHER = (Message("system", "your name is the user and the assistant you are learning " * 8),)


def ask_with(engine: EngineProcess, head: tuple[Message, ...] = HEAD, said: str = "hello") -> GenerationResult:
    return ask(engine, request((*head, Message("user", said)), temperature=0, max_tokens=16))


def started(path: Path, folder: Path | None, head: tuple[Message, ...] = HEAD) -> GenerationResult:
    """What a new engine answers; the head is on disk when this returns."""
    folder_name = None if folder is None else str(folder)
    with engine_of(path, heads=(HEAD, OTHER), heads_folder=folder_name) as engine:
        result = ask_with(engine, head)
        end = time.monotonic() + 10
        while folder is not None and not saved(folder) and time.monotonic() < end:
            time.sleep(0.01)
    return result


def saved(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.head"))


def test_the_next_start_evaluates_the_head_no_more_and_writes_the_same(tiny_gguf: Path, tmp_path: Path) -> None:
    bare = started(tiny_gguf, None)
    first, second = (started(tiny_gguf, tmp_path) for _ in range(2))
    assert bare.usage.cached_tokens == first.usage.cached_tokens == 0
    assert second.usage.cached_tokens > 0.8 * second.usage.prompt_tokens
    assert bare.text == first.text == second.text
    assert len(saved(tmp_path)) == 1
    assert os.name == "nt" or saved(tmp_path)[0].stat().st_mode & 0o077 == 0


def test_without_a_folder_nothing_is_kept(tiny_gguf: Path, tmp_path: Path) -> None:
    started(tiny_gguf, None)
    assert started(tiny_gguf, None).usage.cached_tokens == 0


def test_what_a_person_said_is_never_kept(tiny_gguf: Path, tmp_path: Path) -> None:
    own = (Message("system", "my own words that nobody is to read " * 10),)
    with engine_of(tiny_gguf, heads=(HEAD,), heads_folder=str(tmp_path / "heads")) as engine:
        ask_with(engine, own)
        ask_with(engine, own, "again")
    assert not (tmp_path / "heads").exists()


def test_another_head_does_not_help(tiny_gguf: Path, tmp_path: Path) -> None:
    started(tiny_gguf, tmp_path, OTHER)
    result = started(tiny_gguf, tmp_path)
    assert result.usage.cached_tokens == 0
    assert result.text == started(tiny_gguf, None).text


@pytest.mark.parametrize("harm", ["bit", "cut", "empty", "longer", "foreign"])
def test_a_damaged_or_foreign_file_is_deleted_with_a_warning_and_the_answer_is_right(
    tiny_gguf: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: str
) -> None:
    right = started(tiny_gguf, tmp_path / "own")
    [path] = saved(tmp_path / "own")
    whole = path.read_bytes()
    if harm == "foreign":
        other = write_tiny_gguf(tmp_path / "other.gguf", seed=9)
        started(other, tmp_path / "other")
        harmed = saved(tmp_path / "other")[0].read_bytes()
    else:
        flipped = whole[:-900] + bytes([whole[-900] ^ 1]) + whole[-899:]
        harmed = {"bit": flipped, "cut": whole[:-100], "empty": b"", "longer": whole + b"x"}[harm]
    path.write_bytes(harmed)
    with caplog.at_level(logging.WARNING):
        result = started(tiny_gguf, tmp_path / "own")
    assert (result.text, result.usage.cached_tokens) == (right.text, 0)
    assert "deleted" in caplog.text


def test_a_model_file_that_changed_starts_anew(tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path / "tiny.gguf")
    started(path, tmp_path / "heads")
    times = path.stat()
    write_tiny_gguf(path, seed=9)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    result = started(path, tmp_path / "heads")
    assert result.usage.cached_tokens == 0
    assert result.text == started(path, None).text


def test_another_context_or_type_of_cells_starts_anew(tiny_gguf: Path, tmp_path: Path) -> None:
    started(tiny_gguf, tmp_path)
    for changed in ({"n_ctx": 1024}, {"kv_type": "f32"}):
        with engine_of(tiny_gguf, heads=(HEAD,), heads_folder=str(tmp_path), **changed) as engine:
            assert ask_with(engine).usage.cached_tokens == 0


def test_a_folder_that_cannot_be_written_is_a_warning(
    tiny_gguf: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with (
        caplog.at_level(logging.WARNING),
        engine_of(tiny_gguf, heads=(HEAD,), heads_folder=str(tmp_path / "file")) as engine,
    ):
        for said in ("hello", "world", "machine"):
            assert ask_with(engine, said=said).usage.completion_tokens > 0
            time.sleep(0.1)
    assert "could not be kept" in caplog.text
