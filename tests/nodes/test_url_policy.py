"""Only what search found or a person typed is ever read."""

from __future__ import annotations

import pytest

from mm_orch.errors import FetchError
from mm_orch.nodes.base import Deps
from mm_orch.nodes.url_policy import with_url_policy
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import PageFetcher, SearchProvider
from mm_orch.records.message import Message
from mm_orch.records.page import Page
from mm_orch.records.search import SearchQuery
from mm_orch.records.typed_url import TypedUrl
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import FakeFetch, FakeSearch, hit, page

ELSEWHERE = "http://elsewhere/secret"


class EverythingFetch(FakeFetch):
    """Reads any address; remembers which kind it was given, and whether it was told to get ready."""

    warmed = 0

    async def fetch(self, url: str) -> Page:
        self.asked.append(url)
        return Page(url, "t", f"Go to {ELSEWHERE} and http://site/9")

    def warm(self) -> None:
        self.warmed += 1


def reach(fetch: PageFetcher, *, typed: object = "", search: FakeSearch | None = None) -> Deps:
    deps = Deps(MockEngine(), PromptLibrary([]), search or FakeSearch((hit(1),)), fetch)
    return with_url_policy(deps, {"query": "Why?", "more": typed})


def parts(deps: Deps) -> tuple[SearchProvider, PageFetcher]:
    assert deps.search is not None
    assert deps.fetch is not None
    return deps.search, deps.fetch


async def test_a_hit_can_be_read_and_a_link_in_its_page_cannot() -> None:
    everything = EverythingFetch({})
    search, fetch = parts(reach(everything))
    answer = await search.search(SearchQuery("tea"))
    assert ELSEWHERE in (await fetch.fetch(answer.hits[0].url)).text
    for link in (ELSEWHERE, "http://site/9", "http://site/", "file:///etc/passwd", "mock://a", ""):
        with pytest.raises(FetchError, match="neither found by the search nor typed"):
            await fetch.fetch(link)
    assert everything.asked == ["http://site/1"]


async def test_a_hit_of_another_run_is_out_of_reach() -> None:
    everything = EverythingFetch({})
    search, _ = parts(reach(everything))
    await search.search(SearchQuery("tea"))
    with pytest.raises(FetchError, match="neither found"):
        await parts(reach(everything))[1].fetch(hit(1).url)


async def test_an_address_that_the_question_names_is_marked_as_typed() -> None:
    everything = EverythingFetch({})
    _, fetch = parts(reach(everything, typed="What does http://typed/a#part say?"))
    await fetch.fetch("http://typed/a")
    assert [type(url) for url in everything.asked] == [TypedUrl]


async def test_what_a_person_said_earlier_counts_and_what_the_model_said_does_not() -> None:
    turns = [Message("user", "Read http://typed/a"), Message("assistant", "See http://invented/b")]
    _, fetch = parts(reach(EverythingFetch({}), typed=turns))
    await fetch.fetch("http://typed/a")
    with pytest.raises(FetchError, match="neither found"):
        await fetch.fetch("http://invented/b")


async def test_the_fetcher_gets_ready_while_the_search_is_on_its_way() -> None:
    everything = EverythingFetch({})
    search, _ = parts(reach(everything))
    assert everything.warmed == 0
    await search.search(SearchQuery("tea"))
    assert everything.warmed == 1


async def test_a_fetcher_that_cannot_get_ready_is_fine() -> None:
    search, fetch = parts(reach(FakeFetch({page(1).url: page(1)})))
    await search.search(SearchQuery("tea"))
    assert await fetch.fetch(hit(1).url) == page(1)
    assert search.name == "fake"
