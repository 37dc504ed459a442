"""What a user set over the limits in a workflow file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """None and an empty mapping leave the workflow file's own limits.

    ``hits`` and ``pages`` are counts, ``generation`` holds fields of ``GenerationConfig``, ``max_history_tokens``
    is the most tokens of old conversation that a prompt may have.
    """

    hits: int | None = None
    pages: int | None = None
    generation: Mapping[str, Any] = field(default_factory=dict)
    max_history_tokens: int | None = None

    def over(self, lower: Limits) -> Limits:
        """These limits, and where they leave something open, ``lower``'s."""
        return Limits(
            lower.hits if self.hits is None else self.hits,
            lower.pages if self.pages is None else self.pages,
            {**lower.generation, **self.generation},
            lower.max_history_tokens if self.max_history_tokens is None else self.max_history_tokens,
        )
