"""What is particular to Brave: its words for regions, its limits, its way of refusing."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from mm_orch.errors import RateLimited, SearchError
from mm_orch.records.search import SearchQuery
from tests.fixtures.search_site import KEY, SearchSite
from tests.providers.searching import brave


def _asked(site: SearchSite) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(site.requests[-1][0]).query).items()}


@pytest.mark.parametrize(
    ("text", "language", "region", "place"),
    [
        ("green tea", "en", None, {"search_lang": "en"}),
        ("绿茶", "zh", None, {"country": "CN", "search_lang": "zh-hans"}),
        ("綠茶", "zh", None, {"country": "TW", "search_lang": "zh-hant"}),
        ("綠茶", "zh", "hk-tzh", {"country": "HK", "search_lang": "zh-hant"}),
        ("green tea", "en", "uk-en", {"country": "GB", "search_lang": "en"}),
        ("green tea", "en", "xx-yy", {}),
    ],
)
async def test_the_region_is_said_in_braves_words(
    search_site: SearchSite, text: str, language: str, region: str | None, place: dict[str, str]
) -> None:
    await brave(search_site, region=region).search(SearchQuery(text, 3, language))
    assert _asked(search_site) == {"q": text, "count": "3", "text_decorations": "false", **place}
    assert search_site.requests[0][1]["x-subscription-token"] == KEY


async def test_a_query_has_at_most_fifty_words(search_site: SearchSite) -> None:
    answer = await brave(search_site).search(SearchQuery("a b " * 40))
    assert len(_asked(search_site)["q"].split()) == 50
    assert answer.warnings


async def test_a_months_limit_counts_when_it_is_used_up(search_site: SearchSite) -> None:
    search_site.mode = "monthly"
    with pytest.raises(RateLimited, match="brave asks to wait 2 h") as caught:
        await brave(search_site).search(SearchQuery("tea"))
    assert caught.value.wait_s == 7200


async def test_a_wrong_parameter_is_not_taken_for_a_wrong_key(search_site: SearchSite) -> None:
    search_site.mode = "validation"
    with pytest.raises(SearchError, match=r"refused the search \(422\): Unable to validate"):
        await brave(search_site).search(SearchQuery("tea"))
