"""How many physical cores this machine has, read from the system, without a package."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def physical_cores() -> int:
    """Cores this process may use, two threads of one core counted once where the system tells; at least 1."""
    usable = _usable()
    cores = _linux_cores(usable) if sys.platform == "linux" else 0
    return max(1, cores or len(usable))


def _usable() -> set[int]:
    if sys.platform == "linux":
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def _linux_cores(usable: set[int]) -> int:
    """How many distinct cores the usable processors belong to; 0 where the kernel does not say."""
    cores: set[str] = set()
    for processor in usable:
        siblings = Path(f"/sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list")
        try:
            cores.add(siblings.read_text(encoding="ascii").strip())
        except OSError:
            return 0
    return len(cores)
