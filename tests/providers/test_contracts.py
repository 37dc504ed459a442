"""What every search provider and every page fetcher promises, whichever it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from mm_orch.errors import FetchError
from mm_orch.protocols import PageFetcher, SearchProvider
from mm_orch.providers.fetch_http import HttpFetcher
from mm_orch.providers.mock import MockFetcher, MockSearch
from mm_orch.providers.search_chain import SearchChain
from mm_orch.providers.search_ddgs import DdgsSearch
from mm_orch.records.search import SearchQuery
from tests.fixtures.site import Site

_QUERIES = (SearchQuery("What is machine learning?"), SearchQuery("什么是光合作用？", 2, "zh"))
_PROVIDERS: dict[str, Callable[[Site], SearchProvider]] = {
    "mock": lambda site: MockSearch(),
    "site": lambda site: site.search(),
    "chain": lambda site: SearchChain([site.search(), MockSearch()]),
    "ddgs": lambda site: DdgsSearch(
        text_search=lambda query, region, report: (
            [{"href": site.url("/text"), "title": "t"}] if query.limit else []
        ),
    ),
}


@pytest.mark.parametrize("kind", sorted(_PROVIDERS))
class TestSearchProvider:
    @pytest.fixture
    def provider(self, kind: str, site: Site) -> SearchProvider:
        return _PROVIDERS[kind](site)

    def test_it_is_a_provider_with_a_name(self, provider: SearchProvider) -> None:
        assert isinstance(provider, SearchProvider)
        assert provider.name

    @pytest.mark.parametrize("query", _QUERIES)
    async def test_hits_are_complete_and_no_more_than_asked(
        self, provider: SearchProvider, query: SearchQuery
    ) -> None:
        answer = await provider.search(query)
        assert 1 <= len(answer.hits) <= query.limit
        assert all(hit.url and hit.title and hit.provider for hit in answer.hits)
        assert len({hit.url for hit in answer.hits}) == len(answer.hits)
        assert answer.provider

    async def test_the_same_query_finds_the_same(self, provider: SearchProvider) -> None:
        assert await provider.search(_QUERIES[0]) == await provider.search(_QUERIES[0])

    async def test_searches_may_run_at_once(self, provider: SearchProvider) -> None:
        answers = await asyncio.gather(*(provider.search(query) for query in _QUERIES * 3))
        assert answers[:2] == answers[2:4] == answers[4:]

    async def test_an_empty_query_finds_nothing(self, provider: SearchProvider) -> None:
        assert (await provider.search(SearchQuery(""))).hits == ()


@pytest.mark.parametrize("kind", ["mock", "http"])
class TestPageFetcher:
    @pytest.fixture
    def fetcher(self, kind: str, site: Site) -> Iterator[PageFetcher]:
        if kind == "mock":
            yield MockFetcher()
            return
        fetcher = HttpFetcher(allow_hosts=[site.host])
        yield fetcher
        fetcher.close()

    @pytest.fixture
    def search(self, kind: str, site: Site) -> SearchProvider:
        return MockSearch() if kind == "mock" else site.search()

    async def test_what_search_found_can_be_read(self, fetcher: PageFetcher, search: SearchProvider) -> None:
        for query in _QUERIES:
            hits = (await search.search(query)).hits
            pages = await asyncio.gather(*(fetcher.fetch(hit.url) for hit in hits))
            assert [(page.url, page.title) for page in pages] == [(hit.url, hit.title) for hit in hits]
            assert all(page.text.strip() and page.media_type for page in pages)

    async def test_reading_twice_gives_the_same(self, fetcher: PageFetcher, search: SearchProvider) -> None:
        (hit, *_) = (await search.search(_QUERIES[1])).hits
        assert await fetcher.fetch(hit.url) == await fetcher.fetch(hit.url)

    @pytest.mark.parametrize(
        "url", ["", "nonsense", "mock://nowhere/9", "http://127.0.0.1:1/", "corpus:1", "http://["]
    )
    async def test_an_address_it_cannot_read_is_a_fetch_error(self, fetcher: PageFetcher, url: str) -> None:
        with pytest.raises(FetchError):
            await fetcher.fetch(url)

    def test_it_is_a_fetcher(self, fetcher: PageFetcher) -> None:
        assert isinstance(fetcher, PageFetcher)
