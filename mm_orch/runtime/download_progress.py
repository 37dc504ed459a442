"""How far a file is that is being fetched or written; ``huggingface_hub`` has bars for terminals alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """``done`` of ``total`` bytes of file ``name`` are here."""

    name: str
    done: int
    total: int


Progress = Callable[[DownloadProgress], None]
