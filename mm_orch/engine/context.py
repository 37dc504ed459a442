"""The thin wrapper over llama_cpp's low-level functions: loads a model, decodes batches, keeps KV cells.

The only file that imports llama_cpp, and only a child process imports this file. ``vocabulary`` and ``sampling``
reach the functions they need through ``native``.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from llama_cpp import llama_cpp as _llama_cpp
from llama_cpp import llama_grammar

from mm_orch.engine.threads import Threads
from mm_orch.errors import EngineError, ModelLoadError
from mm_orch.records.load_spec import LoadSpec

native: Any = _llama_cpp
_KV_TYPES = {"f32": 0, "f16": 1, "q4_0": 2, "q8_0": 8, "bf16": 30}
_LOG_WARN, _LOG_ERROR = 3, 4


@dataclass(frozen=True, slots=True)
class BatchToken:
    """One token of a batch: at position ``pos`` of sequence ``seq``, with or without logits to sample from."""

    token: int
    pos: int
    seq: int
    wants_logits: bool


class NativeLog:
    """llama.cpp's log: warnings and errors go to stderr, the last errors are kept to say why a call failed."""

    def __init__(self) -> None:
        self._errors: deque[str] = deque(maxlen=8)
        self._warnings: deque[str] = deque(maxlen=32)
        self._callback = native.llama_log_callback(self._take)
        self._level = 0
        native.llama_log_set(self._callback, ctypes.c_void_p(0))

    def clear(self) -> None:
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


class Model:
    """The weights. Raises ``ModelLoadError`` with llama.cpp's own reason."""

    def __init__(self, spec: LoadSpec, n_gpu_layers: int, log: NativeLog) -> None:
        native.llama_backend_init()
        params = native.llama_model_default_params()
        params.n_gpu_layers = n_gpu_layers
        log.clear()
        self.pointer = native.llama_model_load_from_file(os.fsencode(spec.path), params)
        if not self.pointer:
            reason = log.reason() or "llama.cpp gave no reason"
            raise ModelLoadError(f"llama.cpp refused {spec.path!r}: {reason}")
        self.is_on_cpu = n_gpu_layers == 0
        self.vocabulary = native.llama_model_get_vocab(self.pointer)
        self.n_ctx_train = int(native.llama_model_n_ctx_train(self.pointer))
        self.n_params = int(native.llama_model_n_params(self.pointer))
        self.size_bytes = int(native.llama_model_size(self.pointer))
        self.n_embd = int(native.llama_model_n_embd_out(self.pointer))
        self.generates = bool(native.llama_model_has_decoder(self.pointer)) and not _is_encoder(self)
        self.rolls_back = not (
            native.llama_model_is_recurrent(self.pointer) or native.llama_model_is_hybrid(self.pointer)
        )

    def close(self) -> None:
        """Free the weights; nothing may use them any more."""
        native.llama_model_free(self.pointer)

    def metadata(self, key: str) -> str | None:
        """The header's value under ``key`` as text."""
        size = 1 << 10
        while True:
            buffer = ctypes.create_string_buffer(size)
            length = native.llama_model_meta_val_str(self.pointer, key.encode(), buffer, size)
            if length < 0:
                return None
            if length < size:
                return buffer.raw[:length].decode("utf-8", "replace")
            size = length + 1


def _is_encoder(model: Model) -> bool:
    causal = model.metadata(f"{model.metadata('general.architecture')}.attention.causal")
    return causal == "false"


def native_version() -> str:
    """The release of llama_cpp."""
    return importlib.metadata.version("llama-cpp-python")


def native_schema_to_grammar(schema: str) -> str:
    """llama_cpp's conversion of a JSON schema, given as JSON. What it raises is any exception at all."""
    return str(llama_grammar.json_schema_to_gbnf(schema))


class Context:
    """KV cells and the computation over them. One thread only, but for ``abort``."""

    def __init__(
        self, model: Model, spec: LoadSpec, n_seq_max: int, log: NativeLog, *, embeds: bool = False
    ) -> None:
        self._model = model
        self._log = log
        params = native.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_seq_max = spec.n_ctx, spec.n_batch, n_seq_max
        # Pooling needs a text whole and every token's output; writing needs one output a sequence.
        params.embeddings, params.n_ubatch = embeds, spec.n_batch if embeds else min(spec.n_batch, 512)
        params.n_outputs_max = 0 if embeds else n_seq_max
        params.n_threads = params.n_threads_batch = spec.n_threads
        params.type_k = params.type_v = _KV_TYPES[spec.kv_type]
        params.flash_attn_type = -1 if spec.flash_attention else 0
        params.kv_unified = True
        params.no_perf = True
        log.clear()
        self.pointer = native.llama_init_from_model(model.pointer, params)
        if not self.pointer:
            raise ModelLoadError(f"no context of {spec.n_ctx} tokens for {spec.path!r}: {log.reason()}")
        self.lacks_flash_attention = log.denies_flash_attention
        self.n_ctx = int(native.llama_n_ctx(self.pointer))
        self.n_batch = int(native.llama_n_batch(self.pointer))
        self._memory = native.llama_get_memory(self.pointer)
        self._batch = native.llama_batch_init(self.n_batch, 0, 1)
        self._install_abort()
        # Beside a GPU the threads wait for it most of the time: that tells nothing.
        self._threads = Threads(spec.n_threads, self._use_threads) if model.is_on_cpu else None

    def decode(self, tokens: Sequence[BatchToken]) -> int:
        """Evaluate; 0 done, 1 no free cells (nothing changed), 2 aborted (cells partly written).

        Raises ``EngineError`` when llama.cpp fails; what the batch's sequences hold is then undefined.
        """
        batch = self._batch
        batch.n_tokens = len(tokens)
        for index, item in enumerate(tokens):
            batch.token[index] = item.token
            batch.pos[index] = item.pos
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = item.seq
            batch.logits[index] = item.wants_logits
        self._log.clear()
        evaluate = native.llama_decode if self._memory else native.llama_encode
        code = int(self._counted(evaluate))
        if code < 0:
            raise EngineError(
                f"llama.cpp could not evaluate {len(tokens)} tokens (code {code}): {self._log.reason()}"
            )
        return code

    def remove(self, seq: int, start: int = 0) -> bool:
        """Free the cells of ``seq`` from position ``start``; False if this kind of model cannot cut there."""
        return not self._memory or bool(native.llama_memory_seq_rm(self._memory, seq, start, -1))

    def copy(self, source: int, target: int, end: int) -> None:
        """Let ``target`` share the cells of ``source`` before position ``end``; nothing is computed."""
        native.llama_memory_seq_cp(self._memory, source, target, 0, end)

    def state(self, seq: int) -> bytes:
        """The cells of ``seq``, to be given to ``restore``."""
        size = int(native.llama_state_seq_get_size(self.pointer, seq))
        buffer = (ctypes.c_uint8 * size)()
        written = int(native.llama_state_seq_get_data(self.pointer, buffer, size, seq))
        return bytes(buffer[:written])

    def restore(self, seq: int, state: bytes) -> bool:
        """Fill the cells of ``seq`` with what ``state`` gave; False, and no cells, if there is no room for them."""
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        if int(native.llama_state_seq_set_data(self.pointer, buffer, len(state), seq)) == len(state):
            return True
        self.remove(seq)
        return False

    def abort(self) -> None:
        """End the decode that is running, from any thread."""
        self._flag[0] = b"\x01"

    def allow(self) -> None:
        """Take back ``abort``."""
        self._flag[0] = b"\x00"

    def _counted(self, evaluate: Any) -> Any:
        if self._threads is None:
            return evaluate(self.pointer, self._batch)
        self._threads.begin()
        code = evaluate(self.pointer, self._batch)
        self._threads.end()
        return code

    def _use_threads(self, count: int) -> None:
        native.llama_set_n_threads(self.pointer, count, count)

    def _install_abort(self) -> None:
        # llama.cpp asks once a graph node, hundreds of times a token: a Python callback would halve the speed. C's
        # strlen over a flag says the same: 0 (go on) for "", 1 (stop) for "\x01".
        library = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
        self._flag: Any = ctypes.create_string_buffer(2)
        self._callback = ctypes.cast(library.strlen, native.ggml_abort_callback)
        native.llama_set_abort_callback(self.pointer, self._callback, ctypes.cast(self._flag, ctypes.c_void_p))

    def use_adapters(self, pointers: Sequence[Any], scales: Sequence[float]) -> None:
        """Evaluate with these LoRA adapters from now on."""
        count = len(pointers)
        adapters = (native.llama_adapter_lora_p_ctypes * count)(*pointers)
        if native.llama_set_adapters_lora(self.pointer, adapters, count, (ctypes.c_float * count)(*scales)) != 0:
            raise EngineError(f"llama.cpp could not apply {count} adapters")

    def embedding(self, seq: int) -> list[float]:
        """The pooled vector of ``seq`` after a decode."""
        pointer = native.llama_get_embeddings_seq(self.pointer, seq)
        if not pointer:
            raise EngineError("llama.cpp gave no embedding")
        return list(pointer[: self._model.n_embd])
