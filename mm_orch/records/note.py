"""What one page says about the question, in the model's words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """``source_id`` is the number under which the page is cited, from 1."""

    source_id: int
    title: str
    url: str
    text: str
