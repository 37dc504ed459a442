"""How many layers of a model go on the GPU, and the way back to the CPU when it does not take them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from mm_orch.engine import gguf
from mm_orch.engine.gguf import GGUFHeader
from mm_orch.errors import ModelLoadError
from mm_orch.records.load_spec import LoadSpec

T = TypeVar("T")
ALL = -1
# What a driver says is free, it does not give to the last byte.
_USABLE = 0.9


@dataclass(frozen=True, slots=True)
class Gpu:
    """``free_bytes`` over all GPUs that are used together; 0 where the driver does not tell."""

    name: str
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """``loaded`` is what was made; ``device`` where it computes, ``"cpu"`` or a GPU's name."""

    loaded: T
    device: str
    warnings: tuple[str, ...] = ()


def place(spec: LoadSpec, gpu: Gpu | None, load: Callable[[int], T]) -> Placed[T]:
    """Call ``load`` with the number of layers for the GPU, and with 0 if it fails with ``ModelLoadError``.

    ``spec.n_gpu_layers`` None means as many as its free memory takes. Raises what ``load`` raises on the CPU.
    """
    if gpu is None:
        missing = "llama.cpp was built without a GPU backend or finds no GPU: the CPU is used"
        return Placed(load(0), "cpu", (missing,) if spec.n_gpu_layers else ())
    layers, warnings = _fitting(spec, gpu) if spec.n_gpu_layers is None else (spec.n_gpu_layers, ())
    try:
        return Placed(load(layers), gpu.name if layers else "cpu", warnings)
    except ModelLoadError as error:
        if not layers:
            raise
        failed = f"the GPU could not be used, the CPU is: {error.message}"
        return Placed(load(0), "cpu", (failed,))


def share_on_gpu(layers: int, n_layers: int) -> float:
    """The share (0..1) of a model's weights and cells that is on the GPU; the output counts as one layer more."""
    return 1.0 if layers < 0 or layers > n_layers else layers / (n_layers + 1)


def layers_that_fit(header: GGUFHeader, spec: LoadSpec, free_bytes: int) -> int:
    """How many layers go into ``free_bytes`` with their KV cells and the buffers to compute; ``ALL`` if all do."""
    need = gguf.estimate(header, spec)
    n_layers = gguf.n_layers(header)
    room = free_bytes * _USABLE - need.buffers
    if not free_bytes or need.weights + need.cells <= room:
        return ALL
    return max(0, min(n_layers, int(room // ((need.weights + need.cells) / (n_layers + 1)))))


def _fitting(spec: LoadSpec, gpu: Gpu) -> tuple[int, tuple[str, ...]]:
    header = gguf.read_header(spec.path)
    layers = layers_that_fit(header, spec, gpu.free_bytes)
    if layers == ALL:
        return layers, ()
    free = f"{gpu.free_bytes / 1e9:.1f} GB of its memory are free"
    return layers, (f"{layers} of {gguf.n_layers(header)} layers go on the GPU {gpu.name}: {free}",)
