"""A look at the candidates for the next token from Python, where llama.cpp's own samplers are not enough."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from mm_orch.engine.native.context import Context
from mm_orch.engine.native.library import native


class Proxy:
    """A sampler of ours that llama.cpp fills with candidates; what it does with them is a Python function.

    llama.cpp's one-call sampling also accepts the token; this one's ``accept`` does nothing.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._apply: Callable[[Any], None] = _nothing
        self._callback = native.llama_sampler_i_apply(lambda _sampler, candidates: self._apply(candidates))
        self._interface = native.llama_sampler_i(apply=self._callback)
        self._native = native.llama_sampler_init(ctypes.byref(self._interface), None)

    def run(self, index: int, apply: Callable[[Any], None]) -> int:
        """Let ``apply`` work on the candidates of the batch's token ``index``; returns the one it selected."""
        self._apply = apply
        return int(native.llama_sampler_sample(self._native, self._context.pointer, index))

    def close(self) -> None:
        """Free llama.cpp's side of it."""
        native.llama_sampler_free(self._native)


def _nothing(_candidates: Any) -> None:
    """What a proxy does until it is told."""
