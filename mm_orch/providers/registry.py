"""The search providers by name: what each needs, and how it is built. Its module is imported when it is built."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mm_orch.errors import UnknownName
from mm_orch.protocols import SearchProvider
from mm_orch.providers.search_key import ApiKey

MOCK = "mock"
CORPUS = "corpus"


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """``timeout_s`` covers one search, ``region`` None follows the question, ``url`` is a SearXNG instance's."""

    timeout_s: float = 10.0
    region: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One provider. ``aliases`` are its former names; ``variables`` may hold its key, and ``page`` gives one out.

    ``make`` is None for the corpus, which whoever opens it brings.
    """

    name: str
    make: Callable[[SearchOptions, ApiKey], SearchProvider] | None
    aliases: Sequence[str] = ()
    variables: Sequence[str] = ()
    page: str = ""
    on_network: bool = True

    @property
    def key(self) -> ApiKey:
        """The key as the environment holds it now; it may be missing."""
        if not self.variables:
            return ApiKey(self.name, "", "")
        return ApiKey.read(self.name, self.variables, self.page, os.environ)

    def built(self, options: SearchOptions) -> SearchProvider:
        """The provider; nothing is asked of anybody, and a key that is missing is only told of by a search."""
        if self.make is None:
            raise ValueError(f"{self.name!r} is not built here")
        return self.make(options, self.key)


def named(name: str) -> Entry:
    """The provider of that name, or that once had it. Raises ``UnknownName``."""
    name = name.strip()
    for entry in PROVIDERS:
        if name in (entry.name, *entry.aliases):
            return entry
    aliases = [alias for entry in PROVIDERS for alias in entry.aliases]
    raise UnknownName("search_provider", name, [*(entry.name for entry in PROVIDERS), *aliases])


def _mock(options: SearchOptions, key: ApiKey) -> SearchProvider:
    from mm_orch.providers.mock import MockSearch

    return MockSearch()


def _bocha(options: SearchOptions, key: ApiKey) -> SearchProvider:
    from mm_orch.providers.search_bocha import BochaSearch

    return BochaSearch(key, timeout_s=options.timeout_s)


def _brave(options: SearchOptions, key: ApiKey) -> SearchProvider:
    from mm_orch.providers.search_brave import BraveSearch

    return BraveSearch(key, timeout_s=options.timeout_s, region=options.region)


def _ddgs(options: SearchOptions, key: ApiKey) -> SearchProvider:
    from mm_orch.providers.search_ddgs import DdgsSearch

    return DdgsSearch(timeout_s=options.timeout_s, region=options.region)


def _searxng(options: SearchOptions, key: ApiKey) -> SearchProvider:
    from mm_orch.providers.search_searxng import SearxngSearch

    return SearxngSearch(options.url, timeout_s=options.timeout_s, region=options.region)


def _tavily(options: SearchOptions, key: ApiKey) -> SearchProvider:
    from mm_orch.providers.search_tavily import TavilySearch

    return TavilySearch(key, timeout_s=options.timeout_s, region=options.region)


PROVIDERS = (
    Entry(MOCK, _mock, on_network=False),
    Entry("ddgs", _ddgs, aliases=("duckduckgo", "duckduckgo-search")),
    Entry("searxng", _searxng),
    Entry(
        "brave",
        _brave,
        variables=("BRAVE_API_KEY", "BRAVE_SEARCH_API_KEY"),
        page="https://api-dashboard.search.brave.com",
    ),
    Entry("tavily", _tavily, variables=("TAVILY_API_KEY",), page="https://app.tavily.com"),
    Entry("bocha", _bocha, variables=("BOCHA_API_KEY",), page="https://open.bocha.cn"),
    Entry(CORPUS, None, on_network=False),
)
