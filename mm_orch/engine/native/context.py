"""KV cells and the computation over them: llama.cpp's context behind the ``Decoder`` protocol."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from typing import Any

from mm_orch.engine.decoder import BatchToken
from mm_orch.engine.native.library import NativeLog, native
from mm_orch.engine.native.model import Model
from mm_orch.engine.native.threads import Threads
from mm_orch.errors import EngineError, ModelLoadError
from mm_orch.records.load_spec import LoadSpec

_KV_TYPES = {"f32": 0, "f16": 1, "q4_0": 2, "q8_0": 8, "bf16": 30}


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
