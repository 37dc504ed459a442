"""Everything the engine's child process is told about the model it holds: resolved, no name left to look up."""

from __future__ import annotations

from dataclasses import dataclass, field

from mm_orch.records.message import Message


@dataclass(frozen=True, slots=True)
class LoadSpec:
    """``path`` is the (first) GGUF file. ``n_ctx`` is the KV cache in tokens, over all sequences.

    ``n_gpu_layers`` None lets the child decide by what it finds, -1 is all. ``kv_type`` is ``"f16"``, ``"f32"``,
    ``"bf16"``, ``"q8_0"`` or ``"q4_0"``. ``adapters`` are ``(path, scale)``. ``chat_template`` replaces the file's.
    ``model_type`` names the format to fall back to where there is none. ``n_seq`` is the most requests decoded
    together, ``n_queue`` the most that wait, ``n_batch`` the most tokens of one step. ``embedding``
    is a model made for vectors or ranks instead of text. ``heads`` are the
    fixed messages that prompts begin with; with a ``heads_folder`` their KV cells are kept there between starts.
    """

    path: str
    n_ctx: int
    n_threads: int
    n_gpu_layers: int | None = None
    kv_type: str = "f16"
    flash_attention: bool = True
    adapters: tuple[tuple[str, float], ...] = field(default_factory=tuple)
    chat_template: str | None = None
    model_type: str = "auto"
    n_seq: int = 8
    n_batch: int = 512
    n_queue: int = 256
    embedding: bool = False
    heads: tuple[tuple[Message, ...], ...] = ()
    heads_folder: str | None = None
