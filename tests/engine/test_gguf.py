"""A file that would end llama.cpp is refused before it sees it, with the field and the byte."""

from __future__ import annotations

import random
import struct
import time
from collections.abc import Callable
from pathlib import Path

import gguf as writer
import pytest

from mm_orch.engine import gguf
from mm_orch.errors import ModelError, ModelLoadError, ModelNotFound
from mm_orch.records.load_spec import LoadSpec
from tests.fixtures.tiny_gguf import write_tiny_gguf, write_tiny_lora


def _changed(source: Path, target: Path, change: Callable[[bytearray], None]) -> Path:
    data = bytearray(source.read_bytes())
    change(data)
    target.write_bytes(data)
    return target


def _set(key: str, value: bytes) -> Callable[[bytearray], None]:
    """Overwrite the scalar under ``key``."""

    def change(data: bytearray) -> None:
        place = data.index(key.encode()) + len(key) + 4
        data[place : place + len(value)] = value

    return change


def test_a_sound_file_passes_and_tells_what_it_is(tiny_gguf: Path) -> None:
    gguf.check(tiny_gguf)
    header = gguf.read_header(tiny_gguf)
    assert (header.architecture, header.context_length, header.n_parts) == ("llama", 2048, 1)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound):
        gguf.check(tmp_path / "none.gguf")


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"not a model", "not a GGUF"), (b"GGUF", "truncated"), (b"GG", "not a GGUF")],
)
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelLoadError, match=reason):
        gguf.check(path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelLoadError, match="folder"):
        gguf.check(tmp_path)


@pytest.mark.parametrize("share", [0.001, 0.01, 0.03, 0.5, 0.99])
def test_a_truncated_file_is_refused(tiny_gguf: Path, tmp_path: Path, share: float) -> None:
    data = tiny_gguf.read_bytes()
    path = tmp_path / "short.gguf"
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ModelLoadError, match="truncated"):
        gguf.check(path)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("llama.block_count", struct.pack("<I", 0), "block_count is 0"),
        ("llama.block_count", struct.pack("<I", 1 << 30), "block_count"),
        ("llama.embedding_length", struct.pack("<I", 0), "embedding_length"),
        ("llama.attention.head_count", struct.pack("<I", 0), "head_count is 0"),
        ("llama.attention.layer_norm_rms_epsilon", struct.pack("<f", float("nan")), "epsilon is nan"),
        ("llama.attention.layer_norm_rms_epsilon", struct.pack("<f", -1.0), "epsilon"),
        ("tokenizer.ggml.eos_token_id", struct.pack("<I", 5000), "eos_token_id is 5000"),
    ],
)
def test_a_value_that_would_end_the_process_is_named(
    tiny_gguf: Path, tmp_path: Path, key: str, value: bytes, reason: str
) -> None:
    path = _changed(tiny_gguf, tmp_path / "bad.gguf", _set(key, value))
    with pytest.raises(ModelLoadError, match=rf"{reason}.*\(byte \d+\)"):
        gguf.check(path)


@pytest.mark.parametrize(("token", "reason"), [(b"answer", "twice"), (b"answe\0", "NUL")])
def test_a_token_that_would_end_the_process_is_named(
    tiny_gguf: Path, tmp_path: Path, token: bytes, reason: str
) -> None:
    def change(data: bytearray) -> None:
        place = data.index(struct.pack("<Q", 6) + b"machin")
        data[place + 8 : place + 14] = token

    with pytest.raises(ModelLoadError, match=reason):
        gguf.check(_changed(tiny_gguf, tmp_path / "bad.gguf", change))


def test_an_adapter_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelLoadError, match="adapter"):
        gguf.check(write_tiny_lora(tmp_path / "lora.gguf"))


def test_a_missing_part_of_a_split_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tiny-00001-of-00002.gguf"
    split = writer.GGUFWriter(path, "llama")
    split.add_uint16("split.count", 2)
    split.add_uint16("split.no", 0)
    split.add_uint32("llama.block_count", 2)
    split.add_uint32("llama.embedding_length", 64)
    split.write_header_to_file()
    split.write_kv_data_to_file()
    split.write_tensors_to_file()
    split.close()
    with pytest.raises(ModelNotFound, match="00002-of-00002"):
        gguf.check(path)


def test_mutated_headers_are_refused_or_read_but_never_raise_anything_else(tiny_gguf: Path, tmp_path: Path) -> None:
    data = tiny_gguf.read_bytes()
    end = gguf.read_header(tiny_gguf).data_offset
    dice = random.Random(11)
    path = tmp_path / "mutant.gguf"
    refused = 0
    for _ in range(200):
        mutant = bytearray(data)
        for _ in range(dice.randint(1, 4)):
            mutant[dice.randrange(4, end)] = dice.choice((0, 1, 255, dice.randrange(256)))
        path.write_bytes(mutant)
        try:
            gguf.check(path)
        except ModelError:
            refused += 1
    assert refused > 20


def test_more_context_is_estimated_to_need_more_memory(tiny_gguf: Path) -> None:
    small, large = (gguf.estimate(tiny_gguf, LoadSpec(str(tiny_gguf), n_ctx, 1)).total for n_ctx in (512, 2048))
    assert large - small == (2048 - 512) * 2 * (64 + 64) * 2
    assert small > 500_000


def test_a_large_vocabulary_is_checked_in_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "large.gguf"
    large = writer.GGUFWriter(path, "llama")
    large.add_uint32("llama.block_count", 2)
    large.add_uint32("llama.embedding_length", 64)
    large.add_token_list([f"token{n}" for n in range(150_000)])
    large.write_header_to_file()
    large.write_kv_data_to_file()
    large.write_tensors_to_file()
    large.close()
    started = time.perf_counter()
    gguf.check(path)
    print(f"150,000 tokens were checked in {time.perf_counter() - started:.3f} s")
    assert time.perf_counter() - started < 3


def test_the_fixtures_without_a_template_pass_too(tmp_path: Path) -> None:
    gguf.check(write_tiny_gguf(tmp_path / "plain.gguf", chat_template=None))
