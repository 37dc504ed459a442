"""The weights of a model, and what its file and llama.cpp say of them."""

from __future__ import annotations

import ctypes
import os

from mm_orch.engine.native.library import NativeLog, native
from mm_orch.errors import ModelLoadError
from mm_orch.records.load_spec import LoadSpec


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
