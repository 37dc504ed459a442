"""The parts of a split GGUF model into one file: streamed, checked first, and there only when it is whole.

No kept library does it: llama.cpp has a program for it that its Python package lacks.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from mm_orch.engine import gguf
from mm_orch.engine.gguf import GGUFHeader
from mm_orch.engine.gguf_reader import TensorInfo
from mm_orch.errors import InvalidInput, ModelLoadError
from mm_orch.runtime import file_choice
from mm_orch.runtime.download_progress import DownloadProgress, Progress

_BLOCK = 1 << 20
_SPLIT_KEYS = "split."


@dataclass(frozen=True, slots=True)
class _Piece:
    """A tensor, the file its ``size`` bytes are in from byte ``start``, and its ``offset`` in the merged data."""

    tensor: TensorInfo
    path: Path
    start: int
    size: int
    offset: int


def merge(first: Path, target: Path | None = None, progress: Progress | None = None) -> Path:
    """Write the model whose first part is ``first`` to ``target`` and return that.

    ``target`` is by default the part's name without its number, in the current folder. ``progress`` is told
    as it goes. Tensor data is copied byte for byte, a block at a time. When it fails, what was
    written is removed. Raises ``InvalidInput`` for a file that is not split and for a target that is there already,
    ``ModelNotFound`` and ``ModelLoadError`` for a part that is missing, damaged, or not of this model.
    """
    gguf.check(first)
    parts = gguf.parts(gguf.read_header(first))
    if len(parts) == 1:
        raise InvalidInput(f"{str(first)!r} is not split", hint="Name the first part, …-00001-of-0000N.gguf")
    _refuse_strangers(parts)
    target = Path(file_choice.whole_name(first.name)) if target is None else target
    _refuse_existing(target)
    pieces = list(_pieces(parts))
    head = _head(parts[0], pieces)
    _check_room(target, len(head) + pieces[-1].offset + pieces[-1].size)
    with _whole_or_nothing(target) as out:
        out.write(head)
        _copy(pieces, len(head), out, target.name, progress)
    return target


def _refuse_strangers(parts: Sequence[GGUFHeader]) -> None:
    """Raise for a part that belongs to another model, as far as headers tell."""
    first, seen = parts[0], set[str]()
    for part in parts:
        for key, value in part.metadata.items():
            if not key.startswith("split.no") and value != first.metadata.get(key):
                known = repr(first.metadata[key]) if key in first.metadata else "nothing"
                raise _foreign(part, f"says {key} is {value!r}, the first part says {known}")
        twice = next((tensor.name for tensor in part.tensors if tensor.name in seen), None)
        if twice is not None:
            raise _foreign(part, f"has the tensor {twice!r}, which an earlier part has")
        seen |= {tensor.name for tensor in part.tensors}
    told = first.metadata.get("split.tensors.count")
    if told is not None and told != len(seen):
        raise _foreign(first, f"says there are {told} tensors, but its parts have {len(seen)}")


def _foreign(part: GGUFHeader, what: str) -> ModelLoadError:
    hint = "A part is of another model or another version: fetch all parts again"
    return ModelLoadError(f"{str(part.path)!r} {what}", hint=hint)


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise InvalidInput(f"{str(target)!r} is there already", hint="Name another file, or delete it first")
    if not target.absolute().parent.is_dir():
        raise InvalidInput(f"there is no folder {str(target.absolute().parent)!r}", hint="Make it first")


def _check_room(target: Path, size: int) -> None:
    free = shutil.disk_usage(target.absolute().parent).free
    if free < size:
        message = f"{str(target)!r} needs {size / 1e9:.2f} GB, {free / 1e9:.2f} GB are free"
        raise InvalidInput(message, hint="Name a file on another disk")


def _pieces(parts: Sequence[GGUFHeader]) -> Iterator[_Piece]:
    """Every tensor with its place, in the order of the parts."""
    alignment, offset = _alignment(parts[0]), 0
    for part in parts:
        for tensor in part.tensors:
            size = gguf.tensor_bytes(tensor)
            if size is None:
                message = f"{str(part.path)!r}: tensor {tensor.name!r} has the type {tensor.type}"
                raise ModelLoadError(message, hint="It is not known here, and so is its size; update MuAI")
            yield _Piece(tensor, part.path, part.data_offset + tensor.offset, size, offset)
            offset = _aligned(offset + size, alignment)


def _head(first: GGUFHeader, pieces: Sequence[_Piece]) -> bytes:
    """Everything before the data: the first part's metadata without what says that it is split, and all tensors."""
    ends = [*list(first.places.values())[1:], first.metadata_end]
    kept = [
        (start, end)
        for (key, start), end in zip(first.places.items(), ends, strict=True)
        if not key.startswith(_SPLIT_KEYS)
    ]
    with first.path.open("rb") as file:
        entries = b"".join(_read_at(file, start, end - start) for start, end in kept)
    counts = struct.pack("<4sIQQ", b"GGUF", first.version, len(pieces), len(kept))
    head = counts + entries + b"".join(_described(piece) for piece in pieces)
    return head.ljust(_aligned(len(head), _alignment(first)), b"\0")


def _described(piece: _Piece) -> bytes:
    tensor, name = piece.tensor, piece.tensor.name.encode()
    sides = len(tensor.shape)
    form = f"<Q{len(name)}sI{sides}QIQ"
    return struct.pack(form, len(name), name, sides, *tensor.shape, tensor.type, piece.offset)


def _copy(pieces: Sequence[_Piece], start: int, out: IO[bytes], name: str, progress: Progress | None) -> None:
    total = pieces[-1].offset + pieces[-1].size
    with contextlib.ExitStack() as stack:
        files = {path: stack.enter_context(path.open("rb")) for path in dict.fromkeys(p.path for p in pieces)}
        for piece in pieces:
            out.write(b"\0" * (start + piece.offset - out.tell()))
            files[piece.path].seek(piece.start)
            left = piece.size
            while left:
                block = files[piece.path].read(min(left, _BLOCK))
                if not block:
                    raise ModelLoadError(f"{str(piece.path)!r} became shorter while it was read")
                out.write(block)
                left -= len(block)
                if progress is not None:
                    progress(DownloadProgress(name, piece.offset + piece.size - left, total))


@contextlib.contextmanager
def _whole_or_nothing(target: Path) -> Iterator[IO[bytes]]:
    """A new file beside ``target`` that takes its name at the end; removed if anything fails."""
    beside = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with beside.open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        _refuse_existing(target)
        os.replace(beside, target)
    except OSError as error:
        raise InvalidInput(f"{str(target)!r} cannot be written: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)


def _alignment(header: GGUFHeader) -> int:
    value: Any = header.metadata.get("general.alignment", 32)
    return int(value)


def _aligned(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment


def _read_at(file: IO[bytes], start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)
