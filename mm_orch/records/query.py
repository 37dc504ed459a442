"""What was asked, and how it is to be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked. ``workflow`` None leaves the choice to the router, ``session_id`` None begins a session.

    ``inputs`` are inputs of the workflow that win over what the text says; ``language`` is ``"auto"``, ``"zh"`` or
    ``"en"``.
    """

    text: str
    workflow: str | None = None
    session_id: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    language: str = "auto"
