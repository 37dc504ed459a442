"""A bound on the memory of the process that reads documents: a bomb must not take the machine with it.

Linux alone counts address space as it is taken; elsewhere the time limit is the only bound.
"""

from __future__ import annotations

import sys
from pathlib import Path

ADDRESS_SPACE = 3_000_000_000  # bytes; a document of 100 MB needs about a third

_NEARLY = 0.8
_PEAK = "VmPeak:"


def set_limit(most: int = ADDRESS_SPACE) -> None:
    """From now on allocations that would take this process beyond ``most`` bytes fail with ``MemoryError``."""
    if sys.platform != "linux":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    bounds = [bound for bound in (most, soft, hard) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))


def was_nearly_reached(most: int = ADDRESS_SPACE) -> bool:
    """Whether this process once came near the limit: parsers word a failed allocation in many ways."""
    if sys.platform != "linux":
        return False
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    peak = next((int(line.split()[1]) * 1024 for line in lines if line.startswith(_PEAK)), 0)
    return peak > most * _NEARLY
