"""What is particular to Tavily: its request, and a plan that is used up."""

from __future__ import annotations

from typing import Any

import pytest

from mm_orch.errors import SearchError
from mm_orch.records.search import SearchQuery
from tests.fixtures.search_site import SearchSite
from tests.providers.searching import tavily


@pytest.mark.parametrize(
    ("text", "language", "region", "place"),
    [
        ("green tea", "en", None, {}),
        ("绿茶", "zh", None, {"country": "china"}),
        ("綠茶", "zh", None, {"country": "taiwan"}),
        ("green tea", "en", "us-en", {"country": "united states"}),
        ("綠茶", "zh", "hk-tzh", {}),
    ],
)
async def test_the_request_is_the_documented_one(
    search_site: SearchSite, text: str, language: str, region: str | None, place: dict[str, Any]
) -> None:
    await tavily(search_site, region=region).search(SearchQuery(text, 3, language))
    assert search_site.requests[0][2] == {"query": text, "max_results": 3, "search_depth": "basic", **place}


async def test_a_plan_that_is_used_up_is_said(search_site: SearchSite) -> None:
    search_site.mode = "used_up"
    with pytest.raises(
        SearchError, match=r"the key in TAVILY_API_KEY may ask of tavily is used up\. Raise the limit"
    ):
        await tavily(search_site).search(SearchQuery("tea"))
