"""Which model, from where, and how it is loaded: one entry of models.yaml, or one written in Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from mm_orch.errors import InvalidInput, ModelLoadError

MODEL_TYPES = ("auto", "chatml", "qwen-chat", "gpt2", "llama", "llama3", "phi3", "mistral", "plain")
DEVICES = ("auto", "cpu", "cuda", "metal", "vulkan", "gpu")
KV_TYPES = ("auto", "fp32", "fp16", "bf16", "q8_0", "q4_0")
QUANTIZATIONS = (None, "4bit", "8bit")
_REFUSED_QUANTIZATIONS = ("gptq", "awq")
_WAY_OUT = "MuAI runs GGUF files: choose a GGUF repository of the same model and quantization 4bit or 8bit"


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """One model.

    ``model_name`` is a catalogue name, a ``user/repo[:QUANT]`` of a hub or a path to a ``.gguf``; ``path`` a local
    file; one of them is needed. ``filename`` picks a file of the repository and may hold wildcards. ``name`` is
    what MuAI calls the model (default: ``model_name``, or the file's stem).
    ``model_type`` names the chat format for files that carry no template. ``dtype`` is the type of the KV cache.
    ``quantization`` ``"4bit"`` or ``"8bit"`` picks a file of the repository. ``max_context_length`` is in tokens,
    None means the smaller of the model's own and the configured default. ``n_gpu_layers`` None decides by device,
    -1 is all; ``n_threads`` None means the physical cores. ``lora`` maps adapter files to scales. ``package`` names
    an installed Python package that carries the file.

    Raises ``InvalidInput`` naming the field for a value that is not allowed.
    """

    model_name: str = ""
    model_type: str = "auto"
    device: str = "auto"
    dtype: str = "auto"
    quantization: str | None = None
    trust_remote_code: bool = False
    flash_attention: bool = True
    max_context_length: int | None = None
    name: str = ""
    filename: str | None = None
    path: str | None = None
    package: str | None = None
    n_gpu_layers: int | None = None
    n_threads: int | None = None
    chat_template: str | None = None
    lora: Mapping[str, float] = field(default_factory=dict)
    revision: str | None = None
    sha256: str | None = None
    description: str = ""
    successor: str | None = None

    def __post_init__(self) -> None:
        if not self.model_name and not self.path and not self.package:
            raise InvalidInput("a model needs model_name or path", hint="Give a GGUF repository or a file")
        for name, allowed in _CHOICES.items():
            value = getattr(self, name)
            if value not in allowed:
                listed = ", ".join(str(choice) if choice is not None else "null" for choice in allowed)
                raise InvalidInput(f"{name} is {value!r}", hint=f"Allowed: {listed}")
        for name in ("max_context_length", "n_threads"):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
                raise InvalidInput(f"{name} is {value!r}", hint="Give a whole number above 0, or leave it out")
        layers = self.n_gpu_layers
        if layers is not None and (isinstance(layers, bool) or not isinstance(layers, int) or layers < -1):
            raise InvalidInput(f"n_gpu_layers is {layers!r}", hint="Give a number of layers, or -1 for all")
        if not self.name:
            object.__setattr__(self, "name", self.model_name or Path(self.path or self.package or "").stem)

    def check_usable(self) -> None:
        """Raise ``ModelLoadError`` for an entry that is listed but cannot run, with the way out."""
        if self.successor:
            raise ModelLoadError(f"model {self.name!r} has no GGUF file", hint=f"Use {self.successor!r} instead")
        if self.quantization in _REFUSED_QUANTIZATIONS:
            raise ModelLoadError(f"model {self.name!r} asks for {self.quantization} quantization", hint=_WAY_OUT)
        if self.trust_remote_code:
            hint = "MuAI never runs code from a model repository: set trust_remote_code to false"
            raise ModelLoadError(f"model {self.name!r} asks for trust_remote_code", hint=hint)

    def replace(self, **changes: Any) -> ModelConfig:
        """A copy with some values changed, checked again."""
        return replace(self, **changes)

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """The names that an entry of models.yaml may have."""
        return tuple(item.name for item in fields(cls) if item.name != "name")


_CHOICES: dict[str, tuple[object, ...]] = {
    "model_type": MODEL_TYPES,
    "device": DEVICES,
    "dtype": KV_TYPES,
    "quantization": (*QUANTIZATIONS, *_REFUSED_QUANTIZATIONS),
}
