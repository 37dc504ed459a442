"""One call of a run, as its tape holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """``step`` asked ``seam`` for ``request`` and got ``answer``; both are values that JSON knows.

    ``key`` is the hash of the request; ``request`` is None where only that was kept. ``failed``: the answer is an
    error. ``number`` counts the run's calls from 1, in the order in which they were answered.
    """

    number: int
    seam: str
    step: str
    key: str
    request: Any
    answer: Any
    failed: bool
