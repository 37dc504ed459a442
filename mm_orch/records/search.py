"""What a search asks and what it brings: hits, in the provider's order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """``language`` is ``"zh"`` or ``"en"``; ``limit`` the most hits wanted."""

    text: str
    limit: int = 5
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result. ``url`` is an address to fetch, or ``corpus:…`` for a local document."""

    url: str
    title: str
    snippet: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """``warnings`` say which providers were tried before ``provider`` and why they were left.

    ``cached`` is true when nobody was asked: the answer was kept from an earlier search.
    """

    hits: tuple[Hit, ...]
    provider: str
    warnings: tuple[str, ...] = ()
    cached: bool = False
