"""How full the machine's memory, and that of its GPUs, would be with one more model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mm_orch.engine import gguf, host, offload
from mm_orch.records.load_spec import LoadSpec

Devices = Callable[[], Sequence[Mapping[str, Any]]]


class MemoryUse:
    """``devices`` lists what llama.cpp can compute on; it is asked again only where there is a GPU among them."""

    def __init__(self, devices: Devices) -> None:
        self._devices = devices
        self._has_gpu: bool | None = None

    def share_with(self, spec: LoadSpec) -> float:
        """The share of memory (0..1, above 1 where it does not fit) in use once ``spec`` is loaded too.

        That of the GPUs where it is the larger one. 0.0 where nobody says how much there is.
        """
        header = gguf.read_header(spec.path)
        need, gpus = gguf.estimate(header, spec), self._gpus(spec)
        layers = 0 if not gpus else offload.ALL if spec.n_gpu_layers is None else spec.n_gpu_layers
        there = int((need.weights + need.cells) * offload.share_on_gpu(layers, gguf.n_layers(header)))
        here = _share(host.total_bytes(), host.available_bytes(), need.total - there)
        total, free = (sum(gpu[key] for gpu in gpus) for key in ("total_bytes", "free_bytes"))
        return max(here, _share(total, free, there + need.buffers))

    def _gpus(self, spec: LoadSpec) -> list[Mapping[str, Any]]:
        if spec.n_gpu_layers == 0 or self._has_gpu is False:
            return []
        found = [device for device in self._devices() if "gpu" in device["kind"]]
        self._has_gpu = bool(found)
        return found


def _share(total: int, free: int, more: int) -> float:
    return (total - free + more) / total if total else 0.0
