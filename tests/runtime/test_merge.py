"""A split model, loaded as it is and made one file."""

from __future__ import annotations

import os
import shutil
import tracemalloc
from pathlib import Path

import gguf as reader
import pytest

from mm_orch.engine import gguf
from mm_orch.errors import InvalidInput, ModelLoadError, ModelNotFound
from mm_orch.runtime.download_progress import DownloadProgress
from mm_orch.runtime.merge import merge
from tests.engine.asking import ask, engine_of, request
from tests.fixtures.split_gguf import write_parts
from tests.fixtures.tiny_gguf import write_tiny_gguf

GREEDY = request("hello machine", temperature=0, max_tokens=12)


def test_a_split_model_loads_from_its_first_part(split_gguf: list[Path], tiny_gguf: Path) -> None:
    with engine_of(split_gguf[0]) as split, engine_of(tiny_gguf) as whole:
        assert ask(split, GREEDY).text == ask(whole, GREEDY).text


@pytest.mark.parametrize("bare_first", [False, True])
def test_a_merged_model_has_the_same_tensors_and_writes_the_same(
    tiny_gguf: Path, tmp_path: Path, bare_first: bool
) -> None:
    parts = write_parts(tiny_gguf, tmp_path, bare_first=bare_first)
    merged = merge(parts[0], tmp_path / "whole.gguf")
    assert _contents(merged) == _contents(tiny_gguf)
    header = gguf.read_header(merged)
    assert header.metadata == gguf.read_header(tiny_gguf).metadata
    with engine_of(merged) as one, engine_of(tiny_gguf) as other:
        assert ask(one, GREEDY).text == ask(other, GREEDY).text


def test_other_alignments_are_kept(tmp_path: Path) -> None:
    whole = write_tiny_gguf(tmp_path / "wide.gguf", alignment=256)
    parts = write_parts(whole, tmp_path)
    merged = merge(parts[0], tmp_path / "merged.gguf")
    assert _contents(merged) == _contents(whole)
    with engine_of(merged) as engine:
        assert ask(engine, GREEDY).usage.completion_tokens > 0


def test_the_name_is_the_parts_without_the_number_in_the_current_folder(
    split_gguf: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told: list[DownloadProgress] = []
    assert merge(split_gguf[0], progress=told.append) == Path("tiny.gguf")
    assert (tmp_path / "tiny.gguf").is_file()
    assert (told[-1].name, told[-1].done) == ("tiny.gguf", told[-1].total)


def test_memory_stays_small(tmp_path: Path) -> None:
    parts = write_parts(write_tiny_gguf(tmp_path / "deep.gguf", layers=96), tmp_path)
    size = sum(part.stat().st_size for part in parts)
    tracemalloc.start()
    try:
        merge(parts[0], tmp_path / "merged.gguf")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000 < size / 3


def test_a_missing_part_is_named(split_gguf: list[Path]) -> None:
    split_gguf[1].unlink()
    _refused(split_gguf, ModelNotFound, "00002-of-00003")


def test_a_part_that_is_there_twice_is_named(split_gguf: list[Path]) -> None:
    shutil.copy(split_gguf[1], split_gguf[2])
    _refused(split_gguf, ModelLoadError, "00003-of-00003")


def test_another_part_than_the_first_is_refused(split_gguf: list[Path]) -> None:
    _refused(split_gguf[1:], ModelLoadError, "first part")


def test_a_part_of_another_model_is_named(split_gguf: list[Path], tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    foreign = write_parts(write_tiny_gguf(other / "tiny.gguf", layers=3), other)
    shutil.copy(foreign[2], split_gguf[2])
    _refused(split_gguf, ModelLoadError, "00003-of-00003.*split.tensors.count")
    with pytest.raises(ModelLoadError), engine_of(split_gguf[0]):
        pass


def test_a_part_with_another_parts_tensors_is_named(split_gguf: list[Path]) -> None:
    data = bytearray(split_gguf[1].read_bytes())
    place = gguf.read_header(split_gguf[1]).places["split.no"]
    data[place + 8 + len("split.no") + 4] = 2
    split_gguf[2].write_bytes(data)
    _refused(split_gguf, ModelLoadError, "00003-of-00003.*earlier part")


def test_a_part_that_was_cut_off_is_named(split_gguf: list[Path]) -> None:
    os.truncate(split_gguf[2], split_gguf[2].stat().st_size - 500)
    _refused(split_gguf, ModelLoadError, "truncated")


def test_a_file_that_is_not_split_is_refused(tiny_gguf: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="not split"):
        merge(tiny_gguf, tmp_path / "whole.gguf")


def test_what_is_there_is_never_overwritten(split_gguf: list[Path], tmp_path: Path) -> None:
    (tmp_path / "kept.gguf").write_bytes(b"mine")
    with pytest.raises(InvalidInput, match="already"):
        merge(split_gguf[0], tmp_path / "kept.gguf")
    assert (tmp_path / "kept.gguf").read_bytes() == b"mine"


def test_nothing_is_left_when_it_is_interrupted(split_gguf: list[Path], tmp_path: Path) -> None:
    def interrupt(progress: DownloadProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        merge(split_gguf[0], tmp_path / "whole.gguf", interrupt)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["parts"]


def test_a_folder_that_cannot_be_written_is_named(split_gguf: list[Path], tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="folder"):
        merge(split_gguf[0], tmp_path / "none" / "whole.gguf")


def _refused(parts: list[Path], error: type[Exception], match: str) -> None:
    target = parts[0].parent / "whole.gguf"
    with pytest.raises(error, match=match):
        merge(parts[0], target)
    assert [path.name for path in parts[0].parent.iterdir() if "-of-" not in path.name] == []


def _contents(path: Path) -> dict[str, tuple[bytes, list[int], int]]:
    return {
        tensor.name: (tensor.data.tobytes(), tensor.shape.tolist(), int(tensor.tensor_type))
        for tensor in reader.GGUFReader(path).tensors
    }
