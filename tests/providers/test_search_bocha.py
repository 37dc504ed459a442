"""What is particular to Bocha: its request, and errors that come with the status of a success."""

from __future__ import annotations

import pytest

from mm_orch.errors import SearchError
from mm_orch.records.search import SearchQuery
from tests.fixtures.search_site import SearchSite
from tests.providers.searching import bocha


async def test_the_request_is_the_documented_one(search_site: SearchSite) -> None:
    await bocha(search_site).search(SearchQuery("绿茶", 3, "zh"))
    assert search_site.requests[0][2] == {"query": "绿茶", "count": 3, "freshness": "noLimit", "summary": True}


async def test_an_error_in_the_body_of_a_success_is_an_error(search_site: SearchSite) -> None:
    search_site.mode = "body_code"
    with pytest.raises(SearchError, match=r"bocha refused the key in BOCHA_API_KEY \(403\): 余额不足"):
        await bocha(search_site).search(SearchQuery("茶"))
