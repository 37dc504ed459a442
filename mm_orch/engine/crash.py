"""How a child died by itself: when, and what it was doing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LOADING = "loading"
"""The cause of a crash before the model was ready."""
_PASSING = {"ticket", "submitted"}


@dataclass(frozen=True, slots=True)
class Crash:
    """``at`` is on the monotonic clock. ``causes`` is ``LOADING``, or the marks of the requests that were open.

    Equal requests have equal marks. A child that died with nothing to do has no causes.
    """

    at: float
    causes: frozenset[str]
    reason: str


def causes_of(frames: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The marks of the requests that were sent as ``frames``."""
    return frozenset(_mark(frame) for frame in frames)


def _mark(frame: Mapping[str, Any]) -> str:
    lasting = {key: value for key, value in frame.items() if key not in _PASSING}
    return hashlib.sha256(json.dumps(lasting, sort_keys=True).encode("ascii")).hexdigest()
