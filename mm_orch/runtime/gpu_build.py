"""Which GPU is in this machine and which build of llama.cpp would use it. Asks the system, not llama.cpp."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class GpuHere:
    """``build`` is ``"cuda"``, ``"metal"`` or ``"vulkan"``: an option of scripts/setup. ``name`` is for people."""

    build: str
    name: str


def find(root: Path = Path("/"), system: str = sys.platform, machine: str | None = None) -> GpuHere | None:
    """The GPU that is here, the best supported first; None where there is none that llama.cpp could use."""
    if system == "darwin":
        is_apple = (machine or platform.machine()) == "arm64"
        return GpuHere("metal", "Apple GPU") if is_apple else None
    return _nvidia(root) or _vulkan()


def _nvidia(root: Path) -> GpuHere | None:
    told = _output("nvidia-smi", "--query-gpu=name", "--format=csv,noheader")
    names = [line.strip() for line in told.splitlines() if line.strip()]
    for information in sorted((root / "proc/driver/nvidia/gpus").glob("*/information")) if not names else ():
        lines = information.read_text(encoding="utf-8", errors="replace").splitlines()
        names += [line.partition(":")[2].strip() for line in lines if line.startswith("Model:")]
    return GpuHere("cuda", ", ".join(dict.fromkeys(names))) if names else None


def _vulkan() -> GpuHere | None:
    """A device of Vulkan's that is no software: ``vulkaninfo`` tells its kind and its name."""
    kind = ""
    for line in _output("vulkaninfo", "--summary").splitlines():
        key, _, value = (part.strip() for part in line.partition("="))
        if key == "deviceType":
            kind = value
        elif key == "deviceName" and kind.endswith("_GPU"):
            return GpuHere("vulkan", value)
    return None


def _output(program: str, *options: str) -> str:
    """What a program prints; nothing where it is missing, fails or hangs."""
    found = shutil.which(program)
    if found is None:
        return ""
    try:
        done = subprocess.run(
            [found, *options],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
