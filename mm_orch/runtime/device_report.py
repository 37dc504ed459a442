"""Which devices llama.cpp can use here, in the words of ``get_device_capabilities``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_BACKENDS = ("metal", "cuda", "vulkan")


def capabilities(devices: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """``metal_support``, ``cuda_support``, ``vulkan_support``: whether llama.cpp finds such a device.

    ``recommended_device`` is a value for ``ModelConfig.device``; ``devices`` are those the child listed.
    """
    found = {device["backend"] for device in devices if "gpu" in device["kind"]}
    supported = {f"{name}_support": name in found for name in _BACKENDS}
    best = next((name for name in _BACKENDS if name in found), "gpu" if found else "cpu")
    return {**supported, "recommended_device": best, "devices": [dict(device) for device in devices]}
