"""The header of a GGUF file in pure Python: metadata and the list of tensors. No opinion on what is in it."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mm_orch.errors import ModelLoadError, ModelNotFound

_MAGIC = b"GGUF"
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_MOST_ENTRIES, _MOST_DIMENSIONS = 1 << 20, 4
# An array longer than this is not put into the metadata: the vocabulary is read when somebody asks for it.
_SHORT_ARRAY = 4096
_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class LongArray:
    """An array left in the file: ``count`` values of ``type`` from byte ``offset``."""

    type: int
    count: int
    offset: int


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """``shape`` is fastest first; ``offset`` counts bytes from the data's start, ``at`` from the file's."""

    name: str
    shape: tuple[int, ...]
    type: int
    offset: int
    at: int


@dataclass(frozen=True, slots=True)
class GGUFHeader:
    """``metadata`` holds Python values, ``LongArray`` for long arrays; ``places`` the byte each key starts at.

    ``metadata_end`` is the byte behind the last value, where the list of tensors starts.
    """

    path: Path
    version: int
    metadata: Mapping[str, Any]
    places: Mapping[str, int]
    tensors: tuple[TensorInfo, ...]
    data_offset: int
    file_size: int
    metadata_end: int
    strings: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)

    @property
    def architecture(self) -> str:
        """What ``general.architecture`` says."""
        return str(self.metadata.get("general.architecture", ""))

    def of_architecture(self, name: str) -> Any:
        """The value of ``<architecture>.<name>``, None if there is none."""
        return self.metadata.get(f"{self.architecture}.{name}")

    @property
    def context_length(self) -> int | None:
        """The trained context in tokens."""
        value = self.of_architecture("context_length")
        return value if isinstance(value, int) and value > 0 else None

    @property
    def n_parts(self) -> int:
        """How many files the model is split into."""
        value = self.metadata.get("split.count", 1)
        return value if isinstance(value, int) and value > 1 else 1


def read_header(path: Path | str, *, long_strings: bool = False) -> GGUFHeader:
    """Read the header of ``path``; ``long_strings`` reads long arrays of strings too, as bytes in ``strings``.

    Raises ``ModelNotFound`` or ``ModelLoadError`` with the byte offset where it stops making sense.
    """
    path = Path(path)
    if not path.exists():
        raise ModelNotFound(f"there is no file {str(path)!r}", hint="Check the path")
    if not path.is_file():
        raise ModelLoadError(f"{str(path)!r} is a folder", hint="Name the .gguf file in it")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if size == 0 or file.read(4) != _MAGIC:
                raise ModelLoadError(f"{str(path)!r} is {_what_else(path, size)}", hint="Models are GGUF files")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return _Reader(path, data, size, long_strings).header()
    except OSError as error:
        raise ModelLoadError(f"{str(path)!r} cannot be read: {error.strerror or error}") from error


def _what_else(path: Path, size: int) -> str:
    return "empty" if size == 0 else "not a GGUF file"


class _Reader:
    """A place in the file; every read checks that the file goes on so far."""

    def __init__(self, path: Path, data: mmap.mmap, size: int, long_strings: bool) -> None:
        self._path, self._data, self._size = path, data, size
        self._long_strings = long_strings
        self._at = 4
        self._what = "the header"
        self._strings: dict[str, tuple[bytes, ...]] = {}

    def header(self) -> GGUFHeader:
        version = self._number("I")
        if version not in (2, 3):
            swapped = int.from_bytes(version.to_bytes(4, "little"), "big") in (2, 3)
            raise self._wrong("is big-endian" if swapped else f"has GGUF version {version}, known are 2 and 3", 4)
        n_tensors, n_entries = self._count("tensors"), self._count("metadata entries")
        metadata: dict[str, Any] = {}
        places: dict[str, int] = {}
        for _ in range(n_entries):
            at = self._at
            key = self._string("a metadata key")
            if key in metadata:
                raise self._wrong(f"has the key {key!r} twice", at)
            self._what = repr(key)
            metadata[key], places[key] = self._value(key, self._number("I")), at
        end = self._at
        tensors = tuple(self._tensors(n_tensors))
        alignment = metadata.get("general.alignment", 32)
        if not isinstance(alignment, int) or alignment < 1 or alignment & (alignment - 1):
            raise self._wrong(f"has alignment {alignment!r}", places["general.alignment"])
        start = -(-self._at // alignment) * alignment
        return GGUFHeader(self._path, version, metadata, places, tensors, start, self._size, end, self._strings)

    def _tensors(self, count: int) -> Iterator[TensorInfo]:
        for _ in range(count):
            at, name = self._at, self._string("a tensor's name")
            self._what = f"tensor {name!r}"
            n_dimensions = self._number("I")
            if not 1 <= n_dimensions <= _MOST_DIMENSIONS:
                raise self._wrong(f"has {n_dimensions} dimensions in {self._what}", at)
            shape = tuple(self._number("Q") for _ in range(n_dimensions))
            yield TensorInfo(name, shape, self._number("I"), self._number("Q"), at)

    def _value(self, key: str, kind: int) -> Any:
        if kind in _SCALARS:
            return self._number(_SCALARS[kind])
        if kind == _STRING:
            return self._string(key)
        if kind == _ARRAY:
            return self._array(key)
        raise self._wrong(f"has the unknown value type {kind} under {key!r}", self._at - 4)

    def _array(self, key: str) -> Any:
        kind, count = self._number("I"), self._number("Q")
        start = self._at
        if kind in _SCALARS:
            width = struct.calcsize("<" + _SCALARS[kind])
            self._need(count * width)
            self._at += count * width
            if count > _SHORT_ARRAY:
                return LongArray(kind, count, start)
            return list(struct.unpack_from(f"<{count}{_SCALARS[kind]}", self._data, start))
        if kind != _STRING:
            raise self._wrong(f"has an array of type {kind} under {key!r}", start - 12)
        return self._string_array(key, count, start)

    def _string_array(self, key: str, count: int, start: int) -> Any:
        self._need(count * 8)
        data, size, at, unpack = self._data, self._size, self._at, _LENGTH.unpack_from
        keep = self._long_strings or count <= _SHORT_ARRAY
        kept: list[bytes] = []
        for _ in range(count):
            if at + 8 > size:
                raise self._truncated(at)
            end = at + 8 + unpack(data, at)[0]
            if end > size:
                raise self._truncated(at)
            if keep:
                kept.append(data[at + 8 : end])
            at = end
        self._at = at
        if keep:
            self._strings[key] = tuple(kept)
        if count > _SHORT_ARRAY:
            return LongArray(_STRING, count, start)
        return [text.decode("utf-8", "replace") for text in kept]

    def _count(self, what: str) -> int:
        count: int = self._number("Q")
        if count > _MOST_ENTRIES:
            raise self._wrong(f"claims {count} {what}", self._at - 8)
        return count

    def _string(self, what: str) -> str:
        self._what, at = what, self._at
        length = self._number("Q")
        self._need(length)
        data = self._data[self._at : self._at + length]
        self._at += length
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise self._wrong(f"has {what} that is not UTF-8", at) from error

    def _number(self, code: str) -> Any:
        width = struct.calcsize("<" + code)
        self._need(width)
        value = struct.unpack_from("<" + code, self._data, self._at)[0]
        self._at += width
        return value

    def _need(self, size: int) -> None:
        if self._at + size > self._size:
            raise self._truncated(self._at)

    def _truncated(self, at: int) -> ModelLoadError:
        return self._wrong(f"ends in {self._what}: it is truncated or corrupt", at)

    def _wrong(self, what: str, at: int) -> ModelLoadError:
        hint = "Fetch the file again; muai models check FILE tells whether it is sound"
        return ModelLoadError(f"{str(self._path)!r} {what} (byte {at})", hint=hint)
