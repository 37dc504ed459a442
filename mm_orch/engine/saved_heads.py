"""The fixed beginnings of prompts, kept on disk with their KV cells, so that the next start need not compute them.

What is on disk is words of prompt files, never of a person. A file counts only if the model file, the way it was
loaded, the tokens and a checksum are all the same; any other is deleted, with a warning.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from mm_orch.engine import gguf
from mm_orch.engine.decoder import Scales
from mm_orch.engine.native.context import Context
from mm_orch.engine.native.library import native_version
from mm_orch.engine.prefix_cache import PrefixCache, common_length
from mm_orch.engine.prompt import PromptReader
from mm_orch.engine.wire import Prompt
from mm_orch.records.load_spec import LoadSpec
from mm_orch.records.message import Message

_MAGIC, _DIGEST = b"MUAIKV1\n", 32
# A shorter head is computed as fast as it is read.
_LEAST_TOKENS = 32
_MOST_BYTES = 256 << 20
_SAMPLES, _SAMPLE_BYTES, _START_BYTES = 16, 1 << 16, 4 << 20


class SavedHeads:
    """``provide`` before a prompt is queued, ``keep`` after each step. Failing costs time and nothing else."""

    def __init__(
        self,
        spec: LoadSpec,
        context: Context,
        cache: PrefixCache,
        reader: PromptReader,
        warn: Callable[[str], None],
    ) -> None:
        self._spec, self._context, self._cache, self._reader, self._warn = spec, context, cache, reader, warn
        self._folder = Path(spec.heads_folder) if spec.heads_folder else None
        self._wanted: dict[Path, list[int]] = {}
        self._tokens_of = lru_cache(maxsize=256)(self._render)

    def provide(self, prompt: Prompt, tokens: list[int], key: Scales) -> None:
        """Put the head of ``prompt`` into cells if it is on disk; else remember to keep it once it is computed."""
        head = self._head(prompt, tokens) if self._folder and not key else None
        if head is None:
            return
        path = self._folder / f"{self._key(head).hex()}.head" if self._folder else Path()
        if not path.exists():
            self._wanted[path] = head
        elif self._cache.held([*head, -1], ()) < len(head):
            data = self._read(path, self._key(head))
            if data is None:
                self._wanted[path] = head
            elif self._cache.place(head, lambda slot: self._context.restore(slot, data)):
                os.utime(path)

    def keep(self) -> None:
        """Write those heads to disk that are in cells now; the writing itself takes place beside the work."""
        for path, head in list(self._wanted.items()):
            slot = self._cache.fork(head)
            if slot is not None:
                del self._wanted[path]
                data = self._context.state(slot)
                if len(data) <= _MOST_BYTES // 4:
                    threading.Thread(target=self._write, args=(path, self._key(head), data), daemon=True).start()

    def _head(self, prompt: Prompt, tokens: list[int]) -> list[int] | None:
        if isinstance(prompt, str):
            return None
        messages = tuple(prompt) if isinstance(prompt, tuple) else prompt.messages
        fitting = [head for head in self._spec.heads if head and messages[: len(head)] == head]
        if not fitting:
            return None
        head = self._tokens_of(max(fitting, key=len))
        long_enough = _LEAST_TOKENS <= len(head) < len(tokens)
        return list(head) if long_enough and tokens[: len(head)] == list(head) else None

    def _render(self, head: tuple[Message, ...]) -> tuple[int, ...]:
        """The tokens that every prompt with this head begins with."""
        one, other = (self._reader.read((*head, Message("user", text))).tokens for text in ("a", "9"))
        return tuple(one[: common_length(one, other)])

    def _key(self, head: Sequence[int]) -> bytes:
        return hashlib.sha256(self._model + b",".join(b"%d" % token for token in head)).digest()

    @cached_property
    def _model(self) -> bytes:
        """The model's files by size, time and samples of what is in them, and how they are loaded."""
        spec, mark = self._spec, hashlib.sha256()
        for part in gguf.parts(gguf.read_header(spec.path)):
            status = part.path.stat()
            mark.update(b"%d %d " % (status.st_size, status.st_mtime_ns))
            with part.path.open("rb") as file:
                mark.update(file.read(_START_BYTES))
                for number in range(_SAMPLES):
                    file.seek(status.st_size * number // _SAMPLES)
                    mark.update(file.read(_SAMPLE_BYTES))
        loaded = (spec.kv_type, spec.n_ctx, spec.n_gpu_layers, spec.flash_attention, native_version())
        mark.update(repr(loaded).encode())
        return mark.digest()

    def _read(self, path: Path, key: bytes) -> bytes | None:
        try:
            data = path.read_bytes()
        except OSError as error:
            self._warn(f"{str(path)!r} cannot be read: {error.strerror or error}")
            return None
        start = len(_MAGIC) + 2 * _DIGEST
        if data[:start] == _MAGIC + key + hashlib.sha256(data[start:]).digest():
            return data[start:]
        self._warn(f"{str(path)!r} is damaged or belongs to another model: it was deleted")
        with contextlib.suppress(OSError):
            path.unlink()
        return None

    def _write(self, path: Path, key: bytes, data: bytes) -> None:
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(unfinished, "wb", opener=_private) as file:
                file.write(_MAGIC + key + hashlib.sha256(data).digest())
                file.write(data)
            unfinished.replace(path)
            _prune(path.parent)
        except OSError as error:
            self._warn(f"a prompt's head could not be kept in {str(path.parent)!r}: {error.strerror or error}")
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _prune(folder: Path) -> None:
    """Delete what was used longest ago until the folder keeps to its size."""
    kept = 0
    files = [file for file in folder.iterdir() if file.suffix in {".head", ".part"}]
    for file in sorted(files, key=lambda file: file.stat().st_mtime, reverse=True):
        kept += file.stat().st_size
        if kept > _MOST_BYTES:
            file.unlink(missing_ok=True)
