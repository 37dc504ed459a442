"""How much memory this machine has, and how full it would be with one more model."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from mm_orch.engine import gguf
from mm_orch.records.load_spec import LoadSpec

_PAGES = re.compile(r"Pages (?:free|inactive|speculative|purgeable):\s+(\d+)")


def share_in_use(spec: LoadSpec) -> float:
    """The share of memory (0..1, above 1 where it does not fit) in use once ``spec`` is loaded too."""
    total, available = total_and_available()
    return (total - available + gguf.estimate_bytes(spec.path, spec)) / total


def total_and_available() -> tuple[int, int]:
    """Bytes of memory in all, and those that programs can still get without swapping."""
    if sys.platform == "linux":
        return _linux()
    return _windows() if sys.platform == "win32" else _macos()


def _linux() -> tuple[int, int]:
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    kilobytes = {name: int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines)}
    return kilobytes["MemTotal"] * 1024, kilobytes["MemAvailable"] * 1024


def _macos() -> tuple[int, int]:
    page = os.sysconf("SC_PAGE_SIZE")
    report = subprocess.run(["vm_stat"], capture_output=True, text=True, encoding="utf-8", check=True).stdout
    return page * os.sysconf("SC_PHYS_PAGES"), page * sum(int(count) for count in _PAGES.findall(report))


def _windows() -> tuple[int, int]:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total", ctypes.c_ulonglong),
            ("available", ctypes.c_ulonglong),
            ("rest", ctypes.c_ulonglong * 5),
        )

    status = Status(length=ctypes.sizeof(Status))
    windll = getattr(ctypes, "windll")  # noqa: B009
    windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return status.total, status.available
