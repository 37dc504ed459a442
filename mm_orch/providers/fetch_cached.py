"""Pages that were read before, without a network: what takes the web fetcher's place under --offline."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from mm_orch.errors import FetchError
from mm_orch.providers.http_url import parsed
from mm_orch.providers.page_cache import PageCache
from mm_orch.records.page import Page


class CachedFetcher:
    """A ``PageFetcher`` over ``cache`` alone. Each page says of which day it is."""

    def __init__(self, cache: PageCache) -> None:
        self._cache = cache

    async def fetch(self, url: str) -> Page:
        """The page as it was when it was last read; ``FetchError`` for one that never was."""
        found = await asyncio.to_thread(self._cache.get, str(parsed(url)))
        if found is None:
            reason = self._cache.warning() or "it was not read lately"
            raise FetchError(f"{url!r} cannot be read offline: {reason}", hint="Leave out --offline to read it")
        page, day = found.page, time.strftime("%Y-%m-%d", time.localtime(found.stored))
        return replace(page, warnings=(*page.warnings, f"{page.url!r}: offline, so read as it was on {day}"))

    def warm(self) -> None:
        """Nothing needs to get ready."""

    def close(self) -> None:
        """Close the cache's file."""
        self._cache.close()
