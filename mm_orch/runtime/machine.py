"""What there is to run models on, for those who tell people about it."""

from __future__ import annotations

from dataclasses import dataclass

from mm_orch.engine import host


@dataclass(frozen=True, slots=True)
class Machine:
    """Memory in bytes, as far as a container lets us use it; 0 where the system does not tell."""

    total_memory: int
    available_memory: int
    physical_cores: int


def machine() -> Machine:
    """This machine, now."""
    return Machine(host.total_bytes(), host.available_bytes(), host.physical_cores())
