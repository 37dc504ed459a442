"""A page that an answer rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """``id`` is the number the answer cites, from 1; ``quote`` the words it was used for, if known."""

    id: int
    title: str
    url: str
    quote: str | None = None
