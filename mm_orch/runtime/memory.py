"""How full the machine's memory would be with one more model."""

from __future__ import annotations

from mm_orch.engine import gguf, host
from mm_orch.records.load_spec import LoadSpec


def share_in_use(spec: LoadSpec) -> float:
    """The share of memory (0..1, above 1 where it does not fit) in use once ``spec`` is loaded too.

    0.0 where the system does not say how much there is.
    """
    total = host.total_bytes()
    return (total - host.available_bytes() + gguf.estimate(spec.path, spec).total) / total if total else 0.0
