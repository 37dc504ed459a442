"""One turn of a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """What one side said. ``content`` is data: it is never read as a template or as special tokens."""

    role: Role
    content: str
