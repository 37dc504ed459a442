"""The built-in search that asks nobody."""

from __future__ import annotations

from mm_orch.providers import mock_pages
from mm_orch.records.search import SearchAnswer, SearchQuery


class MockSearch:
    """A ``SearchProvider`` whose hits are ``mock://`` addresses that ``MockFetcher`` reads."""

    name = mock_pages.PROVIDER

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """Up to three hits in the query's language, each labelled ``[mock]``; none for an empty query."""
        return SearchAnswer(mock_pages.hits(query.text, query.language, query.limit), self.name)
