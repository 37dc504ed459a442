"""Bounds on the memory of this process: what a hostile input makes it take must not take the machine with it.

Linux alone counts address space as it is taken. Elsewhere nothing is bound, and a process that takes too much ends
as the system sees fit, which its parent survives.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# An assumption: a buffer that fails to grow was at least a fifth of the bound. Too low only restarts a process.
_NEARLY = 0.8


def limit(most: int) -> None:
    """From now on allocations that would take this process beyond ``most`` bytes fail with ``MemoryError``."""
    _lower(most)


@contextmanager
def at_most_more(extra: int) -> Iterator[None]:
    """While it lasts, allocations of all threads beyond ``extra`` more bytes than now fail with ``MemoryError``."""
    before = _lower(_status("VmSize") + extra)
    try:
        yield
    finally:
        if sys.platform == "linux" and before is not None:
            import resource

            resource.setrlimit(resource.RLIMIT_AS, before)


def was_nearly_reached(most: int) -> bool:
    """Whether this process once came near ``most`` bytes: parsers word a failed allocation in many ways."""
    return _status("VmPeak") > most * _NEARLY


def _lower(bound: int) -> tuple[int, int] | None:
    """Set the bound unless a lower one holds; the limits as they were, None where nothing is bound."""
    if sys.platform != "linux":
        return None
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(
        resource.RLIMIT_AS, (min(b for b in (bound, soft, hard) if b != resource.RLIM_INFINITY), hard)
    )
    return soft, hard


def _status(name: str) -> int:
    """A field of ``/proc/self/status`` in bytes; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)
