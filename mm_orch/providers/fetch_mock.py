"""The built-in fetcher that opens no connection."""

from __future__ import annotations

from mm_orch.errors import FetchError
from mm_orch.providers import mock_pages
from mm_orch.records.page import Page


class MockFetcher:
    """A ``PageFetcher`` for the ``mock://`` addresses that ``MockSearch`` finds."""

    async def fetch(self, url: str) -> Page:
        """The page behind ``url``; ``FetchError`` for any other address."""
        found = mock_pages.page(url)
        if found is None:
            hint = "The mock reads only what the mock search found; to read the web, add --real-models"
            raise FetchError(f"the mock has no page {url!r}", hint=hint)
        return found
