"""What was asked, and how it is to be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mm_orch.records.limits import Limits


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked. ``workflow`` None leaves the choice to the router, ``session_id`` None begins a session.

    ``inputs`` are inputs of the workflow that win over what the text says; ``language`` is ``"auto"``, ``"zh"`` or
    ``"en"``. The rest goes over what the application is set up with, for this query alone: ``model`` is a name,
    ``lora`` maps adapter files to scales, ``search`` names search providers in order.
    """

    text: str
    workflow: str | None = None
    session_id: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    language: str = "auto"
    model: str | None = None
    lora: Mapping[str, float] = field(default_factory=dict)
    search: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
