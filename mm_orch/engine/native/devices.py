"""The devices that this build of llama.cpp can compute on. Asked in the child."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mm_orch.engine.native.library import native
from mm_orch.engine.offload import Gpu

_KINDS = ("cpu", "gpu", "integrated gpu", "accelerator")
_BACKENDS = {"mtl": "metal"}


def devices() -> list[dict[str, Any]]:
    """``name``, ``description``, ``backend`` (``"cpu"``, ``"cuda"``, ``"metal"`` …) and ``kind`` of each device.

    ``total_bytes`` and ``free_bytes`` are its memory, as far as its driver tells.
    """
    count = _function("ggml_backend_dev_count", ctypes.c_size_t)()
    get = _function("ggml_backend_dev_get", ctypes.c_void_p, ctypes.c_size_t)
    return [_describe(get(place)) for place in range(count)]


def gpu() -> Gpu | None:
    """The first GPU's name with the free memory of all, None if there is none that llama.cpp can use."""
    found = [device for device in devices() if "gpu" in device["kind"]]
    return Gpu(str(found[0]["name"]), sum(device["free_bytes"] for device in found)) if found else None


def _describe(device: int) -> dict[str, Any]:
    registry = _function("ggml_backend_dev_backend_reg", ctypes.c_void_p, ctypes.c_void_p)(device)
    backend = _text("ggml_backend_reg_name", registry).lower()
    kind = _function("ggml_backend_dev_type", ctypes.c_int, ctypes.c_void_p)(device)
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    sizes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    _function("ggml_backend_dev_memory", None, *sizes)(device, ctypes.byref(free), ctypes.byref(total))
    return {
        "name": _text("ggml_backend_dev_name", device),
        "description": _text("ggml_backend_dev_description", device),
        "backend": _BACKENDS.get(backend, backend),
        "kind": _KINDS[kind] if kind < len(_KINDS) else "other",
        "total_bytes": total.value,
        "free_bytes": free.value,
    }


def _text(function: str, pointer: int) -> str:
    return bytes(_function(function, ctypes.c_char_p, ctypes.c_void_p)(pointer)).decode("utf-8", "replace")


def _function(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of ggml that llama_cpp has no name for."""
    for library in _libraries():
        if hasattr(library, name):
            function = library[name]
            function.restype, function.argtypes = result, arguments
            return function
    raise OSError(f"llama.cpp has no function {name!r}")


def _libraries() -> list[ctypes.CDLL]:
    """Elsewhere a library shows the symbols of those it was linked with; on Windows each has to be asked."""
    if sys.platform != "win32":
        return [native._lib]
    folder = Path(native.__file__).with_name("lib")
    return [ctypes.CDLL(str(folder / f"{name}.dll")) for name in ("ggml", "ggml-base")]
