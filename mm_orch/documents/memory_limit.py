"""A bound on the memory of the process that reads documents: a bomb must not take the machine with it.

Linux alone counts address space as it is taken; elsewhere the time limit is the only bound.
"""

from __future__ import annotations

import sys

ADDRESS_SPACE = 3_000_000_000  # bytes; a document of 100 MB needs about a third


def set_limit(most: int = ADDRESS_SPACE) -> None:
    """From now on allocations that would take this process beyond ``most`` bytes fail with ``MemoryError``."""
    if sys.platform != "linux":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    bounds = [bound for bound in (most, soft, hard) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))
