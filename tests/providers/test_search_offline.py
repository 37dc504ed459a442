"""Offline nobody is asked, and that is said."""

from __future__ import annotations

import pytest

from mm_orch.errors import SearchError
from mm_orch.providers.search_offline import OfflineSearch
from mm_orch.records.search import SearchQuery


async def test_it_names_the_providers_that_were_left_out() -> None:
    with pytest.raises(SearchError, match="offline: ddgs, searxng was not asked"):
        await OfflineSearch(["ddgs", "searxng"]).search(SearchQuery("tea"))
