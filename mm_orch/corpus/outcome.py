"""What became of one thing that was to be added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["added", "replaced", "unchanged", "removed", "left out", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``name`` is a path or a URL; ``reason`` why it failed, or what a reader of the document should know.

    "left out" are files in a folder whose names say that they are no documents.
    """

    kind: Kind
    name: str
    reason: str = ""
