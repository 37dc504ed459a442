"""Several fetchers as one, each for the addresses it understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from mm_orch.errors import FetchError
from mm_orch.protocols import PageFetcher
from mm_orch.records.page import Page


@runtime_checkable
class Managed(Protocol):
    """A fetcher that starts something, and can do so ahead of time."""

    def warm(self) -> None:
        """Get ready in the background; returns at once."""
        ...

    def close(self) -> None:
        """End what was started."""
        ...


class FetchByScheme:
    """A ``PageFetcher`` over others, by the part of the address before ``:`` (``"http"``, ``"mock"`` …)."""

    def __init__(self, fetchers: Mapping[str, PageFetcher]) -> None:
        self._fetchers = dict(fetchers)

    async def fetch(self, url: str) -> Page:
        """What the scheme's fetcher reads; ``FetchError`` where there is none for it."""
        scheme = url.partition(":")[0].lower()
        if scheme not in self._fetchers:
            known = ", ".join(self._fetchers) or "none: MuAI is offline"
            raise FetchError(f"{url!r} cannot be read", hint=f"Kinds of addresses that can: {known}")
        return await self._fetchers[scheme].fetch(url)

    def warm(self) -> None:
        """Let those get ready that can."""
        for fetcher in self._managed():
            fetcher.warm()

    def close(self) -> None:
        """End what they started."""
        for fetcher in self._managed():
            fetcher.close()

    def _managed(self) -> list[Managed]:
        distinct = {id(fetcher): fetcher for fetcher in self._fetchers.values()}
        return [fetcher for fetcher in distinct.values() if isinstance(fetcher, Managed)]
