"""llama_cpp itself, and the log of what llama.cpp complains of."""

from __future__ import annotations

import ctypes
import importlib.metadata
import sys
from collections import deque
from typing import Any

from llama_cpp import llama_cpp as _llama_cpp
from llama_cpp import llama_grammar

native: Any = _llama_cpp
_LOG_WARN, _LOG_ERROR = 3, 4


class NativeLog:
    """llama.cpp's log: warnings and errors go to stderr, the last errors are kept to say why a call failed."""

    def __init__(self) -> None:
        self._errors: deque[str] = deque(maxlen=8)
        self._warnings: deque[str] = deque(maxlen=32)
        self._callback = native.llama_log_callback(self._take)
        self._level = 0
        native.llama_log_set(self._callback, ctypes.c_void_p(0))

    def clear(self) -> None:
        """Forget what was said so far."""
        self._errors.clear()
        self._warnings.clear()

    def reason(self) -> str:
        """The errors since ``clear``, in one line; empty if there were none."""
        return "; ".join(self._errors)

    @property
    def denies_flash_attention(self) -> bool:
        """Whether llama.cpp said since ``clear`` that it does without, in either of its ways to say so."""
        return any(
            "Flash Attention not supported" in line or ("flash_attn" in line and "forcing off" in line)
            for line in self._warnings
        )

    def _take(self, level: int, text: bytes, _user_data: object) -> None:
        # Level 5 continues the line before.
        self._level = self._level if level == 5 else level
        if self._level < _LOG_WARN:
            return
        line = text.decode("utf-8", "replace").strip()
        if line:
            print(line, file=sys.stderr, flush=True)
            self._warnings.append(line)
        if self._level == _LOG_ERROR and line and not line.endswith("failed to load model"):
            self._errors.append(line.split(": ", 1)[-1] if line.startswith(("llama_", "gguf_")) else line)


def native_version() -> str:
    """The release of llama_cpp."""
    return importlib.metadata.version("llama-cpp-python")


def native_schema_to_grammar(schema: str) -> str:
    """llama_cpp's conversion of a JSON schema, given as JSON. What it raises is any exception at all."""
    return str(llama_grammar.json_schema_to_gbnf(schema))
