"""Where a query goes and why; and what a workflow offers to be found by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another workflow that the query might have meant, with its confidence in 0..1."""

    workflow: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Route:
    """``confidence`` is in 0..1; ``alternatives`` are the others, best first."""

    workflow: str
    confidence: float
    reason: str
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Destination:
    """A workflow as the router sees it: texts by language (``"en"``, ``"zh"``), and phrases of any language."""

    name: str
    description: Mapping[str, str] = field(default_factory=dict)
    phrases: tuple[str, ...] = ()
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
