"""Whether a GGUF file may be shown to llama.cpp at all, and how much memory it will take. Pure Python."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mm_orch.engine.gguf_reader import GGUFHeader, LongArray, TensorInfo, read_header
from mm_orch.errors import ModelLoadError
from mm_orch.records.load_spec import LoadSpec

__all__ = ["GGUFHeader", "Need", "check", "estimate", "n_layers", "parts", "read_header", "tensor_bytes"]

_MOST_LAYERS = 512
_MOST_WIDTH = 1 << 20
# Values in a block and bytes of a block, by tensor type.
_BLOCKS = {
    0: (1, 4),
    1: (1, 2),
    30: (1, 2),
    24: (1, 1),
    25: (1, 2),
    26: (1, 4),
    27: (1, 8),
    28: (1, 8),
    2: (32, 18),
    3: (32, 20),
    6: (32, 22),
    7: (32, 24),
    8: (32, 34),
    9: (32, 40),
    20: (32, 18),
    39: (32, 17),
    10: (256, 84),
    11: (256, 110),
    12: (256, 144),
    13: (256, 176),
    14: (256, 210),
    15: (256, 292),
    16: (256, 66),
    17: (256, 74),
    18: (256, 98),
    19: (256, 50),
    21: (256, 110),
    22: (256, 82),
    23: (256, 136),
    29: (256, 56),
    34: (256, 54),
    35: (256, 66),
}
_KV_BYTES = {"f32": 4.0, "f16": 2.0, "bf16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}
_PART = re.compile(r"^(?P<prefix>.*)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf$")


def check(path: Path | str) -> None:
    """Refuse a file that would end or hang llama.cpp, and one that is not whole.

    Raises ``ModelNotFound`` or ``ModelLoadError`` that names the field and the byte.
    """
    header = read_header(path, long_strings=True)
    if header.metadata.get("general.type", "model") != "model":
        raise _refuse(header, "general.type", f"is {header.metadata['general.type']!r}, not a model")
    for key, value in header.metadata.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise _refuse(header, key, f"is {value}")
    files = parts(header)
    _check_sizes(header)
    _check_vocabulary(header)
    for part in files:
        _check_tensors(part)


def parts(header: GGUFHeader) -> list[GGUFHeader]:
    """The headers of all files of a split model, in order; of one file, itself."""
    if header.n_parts == 1:
        return [header]
    match = _PART.match(header.path.name)
    if match is None or int(match["count"]) != header.n_parts:
        raise _refuse(header, "split.count", f"is {header.n_parts}, which the file's name does not say")
    if header.metadata.get("split.no", 0) != 0:
        raise _refuse(header, "split.no", "is not 0: name the first part of the model")
    names = (f"{match['prefix']}-{n:05d}-of-{header.n_parts:05d}.gguf" for n in range(2, header.n_parts + 1))
    others = [read_header(header.path.with_name(name)) for name in names]
    for number, other in enumerate(others, start=1):
        if other.metadata.get("split.no") != number or other.metadata.get("split.count") != header.n_parts:
            raise _refuse(other, "split.no", "says that this file is not the part that its name says")
    return [header, *others]


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes of memory that a loaded model takes: its weights, its KV cells, and buffers to compute in."""

    weights: int
    cells: int
    buffers: int

    @property
    def total(self) -> int:
        """All of it, in bytes."""
        return self.weights + self.cells + self.buffers


def estimate(source: GGUFHeader | Path | str, spec: LoadSpec) -> Need:
    """About how much memory the model takes once loaded as ``spec`` says."""
    header = source if isinstance(source, GGUFHeader) else read_header(source)
    weights = sum(
        size for part in parts(header) for tensor in part.tensors if (size := tensor_bytes(tensor)) is not None
    )
    heads = _most(header.of_architecture("attention.head_count"))
    width = _most(header.of_architecture("embedding_length"))
    kv_heads = _most(header.of_architecture("attention.head_count_kv")) or heads
    usual = width // heads if heads else 0
    key = _most(header.of_architecture("attention.key_length")) or usual
    value = _most(header.of_architecture("attention.value_length")) or usual
    cells = n_layers(header) * spec.n_ctx * kv_heads * (key + value) * _KV_BYTES[spec.kv_type]
    inner = max(_most(header.of_architecture("feed_forward_length")), width)
    buffers = min(spec.n_batch, 512) * 4 * (4 * inner + 4 * width) + spec.n_seq * 4 * _n_tokens(header)
    return Need(weights, int(cells), int(buffers))


def n_layers(header: GGUFHeader) -> int:
    """How many layers the model has."""
    return _most(header.of_architecture("block_count"))


def _check_sizes(header: GGUFHeader) -> None:
    if "general.architecture" not in header.metadata:
        raise ModelLoadError(f"{str(header.path)!r} does not say its general.architecture")
    for name, most in (("block_count", _MOST_LAYERS), ("embedding_length", _MOST_WIDTH)):
        _check_count(header, name, most)
    if header.of_architecture("attention.head_count") is not None:
        heads = _check_count(header, "attention.head_count", _MOST_WIDTH)
        if isinstance(heads, int) and header.of_architecture("embedding_length") < heads:
            raise _refuse(header, f"{header.architecture}.attention.head_count", f"is {heads}, more than the width")
    for name in ("attention.layer_norm_rms_epsilon", "attention.layer_norm_epsilon"):
        epsilon = header.of_architecture(name)
        if epsilon is not None and not 0 <= epsilon < 1:
            raise _refuse(header, f"{header.architecture}.{name}", f"is {epsilon!r}")


def _check_count(header: GGUFHeader, name: str, most: int) -> Any:
    key, value = f"{header.architecture}.{name}", header.of_architecture(name)
    numbers = value if isinstance(value, list) else [value]
    if value is None:
        raise ModelLoadError(f"{str(header.path)!r} has no {key!r}")
    if not all(isinstance(number, int) and 0 <= number <= most for number in numbers) or not any(numbers):
        raise _refuse(header, key, f"is {value!r}, allowed are 1 to {most}")
    return value


def _check_vocabulary(header: GGUFHeader) -> None:
    key = "tokenizer.ggml.tokens"
    if key not in header.metadata:
        return
    tokens = header.strings.get(key)
    if not tokens:
        raise _refuse(header, key, "is not a list of tokens")
    if len(set(tokens)) != len(tokens):
        seen: set[bytes] = set()
        twice = next(token for token in tokens if token in seen or seen.add(token))  # type: ignore[func-returns-value]
        raise _refuse(header, key, f"has {twice.decode('utf-8', 'replace')!r} twice")
    if any(b"\0" in token for token in tokens):
        raise _refuse(header, key, "has a token with a NUL byte")
    for name in ("scores", "token_type"):
        values = header.metadata.get(f"tokenizer.ggml.{name}")
        if values is not None and _length(values) != len(tokens):
            raise _refuse(
                header, f"tokenizer.ggml.{name}", f"has {_length(values)} values for {len(tokens)} tokens"
            )
    for name, value in header.metadata.items():
        if name.startswith("tokenizer.ggml.") and name.endswith("_token_id") and not _is_token(value, len(tokens)):
            raise _refuse(header, name, f"is {value!r}, but there are {len(tokens)} tokens")


def _is_token(value: object, count: int) -> bool:
    # 0xFFFFFFFF is how converters write "none".
    return isinstance(value, int) and (0 <= value < count or value in {-1, 0xFFFFFFFF})


def _check_tensors(header: GGUFHeader) -> None:
    seen: set[str] = set()
    for tensor in header.tensors:
        if tensor.name in seen:
            raise _bad_tensor(header, tensor, "is there twice")
        seen.add(tensor.name)
        if not all(0 < side < 1 << 40 for side in tensor.shape):
            raise _bad_tensor(header, tensor, f"has the shape {list(tensor.shape)}")
        size = tensor_bytes(tensor)
        if size is not None and header.data_offset + tensor.offset + size > header.file_size:
            raise _bad_tensor(header, tensor, f"ends behind the file's {header.file_size} bytes: it is truncated")


def _bad_tensor(header: GGUFHeader, tensor: TensorInfo, what: str) -> ModelLoadError:
    hint = "Fetch the file again"
    return ModelLoadError(f"{str(header.path)!r}: tensor {tensor.name!r} {what} (byte {tensor.at})", hint=hint)


def _refuse(header: GGUFHeader, key: str, what: str) -> ModelLoadError:
    place = f" (byte {header.places[key]})" if key in header.places else ""
    return ModelLoadError(f"{str(header.path)!r}: {key} {what}{place}", hint="The file is damaged: fetch it again")


def tensor_bytes(tensor: TensorInfo) -> int | None:
    """How many bytes the tensor's values take; None for a type that is not known here."""
    if tensor.type not in _BLOCKS:
        return None
    values, width = _BLOCKS[tensor.type]
    return math.prod(tensor.shape) // values * width


def _length(values: object) -> int:
    return values.count if isinstance(values, LongArray) else len(values) if isinstance(values, list) else 0


def _most(value: object) -> int:
    numbers: Iterator[int] = (n for n in (value if isinstance(value, list) else [value]) if isinstance(n, int))
    return max(numbers, default=0)


def _n_tokens(header: GGUFHeader) -> int:
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    return 0 if tokens is None else _length(tokens)
