"""Which devices llama.cpp can use here, in the words of ``get_device_capabilities``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_BACKENDS = ("metal", "cuda", "vulkan", "rocm", "sycl")


def capabilities(devices: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Which backends there are and which one to use, of the ``devices`` that a child listed."""
    return {"devices": list(devices), "recommended_device": "cpu"}
