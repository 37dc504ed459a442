"""What the tests of the web search providers share: one of each, asking the stand-in."""

from __future__ import annotations

from collections.abc import Callable

from mm_orch.protocols import SearchProvider
from mm_orch.providers.search_bocha import BochaSearch
from mm_orch.providers.search_brave import BraveSearch
from mm_orch.providers.search_key import ApiKey
from mm_orch.providers.search_searxng import SearxngSearch
from mm_orch.providers.search_tavily import TavilySearch
from tests.fixtures.search_site import KEY, SearchSite

Make = Callable[..., SearchProvider]


def key(provider: str, value: str = KEY) -> ApiKey:
    return ApiKey(provider, f"{provider.upper()}_API_KEY", f"https://{provider}.example/keys", value)


def brave(site: SearchSite, value: str = KEY, timeout_s: float = 5.0, region: str | None = None) -> BraveSearch:
    url = f"{site.url}/res/v1/web/search"
    return BraveSearch(key("brave", value), timeout_s=timeout_s, region=region, url=url)


def tavily(site: SearchSite, value: str = KEY, timeout_s: float = 5.0, region: str | None = None) -> TavilySearch:
    return TavilySearch(key("tavily", value), timeout_s=timeout_s, region=region, url=f"{site.url}/search")


def bocha(site: SearchSite, value: str = KEY, timeout_s: float = 5.0) -> BochaSearch:
    return BochaSearch(key("bocha", value), timeout_s=timeout_s, url=f"{site.url}/v1/web-search")


def searxng(site: SearchSite, value: str = KEY, timeout_s: float = 5.0, region: str | None = None) -> SearxngSearch:
    """``value`` is not used: an instance has no key."""
    return SearxngSearch(site.url, timeout_s=timeout_s, region=region)


ALL: dict[str, Make] = {"bocha": bocha, "brave": brave, "searxng": searxng, "tavily": tavily}
KEYED: dict[str, Make] = {name: make for name, make in ALL.items() if name != "searxng"}
