"""Providers in order."""

from __future__ import annotations

import pytest

from mm_orch.errors import InvalidInput, RateLimited, SearchError
from mm_orch.providers.search_cache import CachedSearch, SearchCache
from mm_orch.providers.search_chain import SearchChain
from mm_orch.providers.search_spacing import SpacedSearch, Turns
from mm_orch.records.search import Hit, SearchAnswer, SearchQuery

_QUERY = SearchQuery("tea")


class Fixed:
    """A provider that always answers the same: so many hits, or an error."""

    def __init__(self, name: str, result: int | SearchError, warnings: tuple[str, ...] = ()) -> None:
        self.name = name
        self.asked = 0
        self._result = result
        self._warnings = warnings

    async def search(self, query: SearchQuery) -> SearchAnswer:
        self.asked += 1
        if isinstance(self._result, SearchError):
            raise self._result
        hits = tuple(Hit(f"http://{self.name}/{n}", "t", "s", self.name) for n in range(self._result))
        return SearchAnswer(hits, self.name, self._warnings)


async def test_the_first_provider_that_finds_something_answers_and_the_rest_are_not_asked() -> None:
    last = Fixed("c", 1)
    answer = await SearchChain([Fixed("a", 2, ("slow",)), last]).search(_QUERY)
    assert (answer.provider, len(answer.hits), answer.warnings) == ("a", 2, ("slow",))
    assert last.asked == 0


async def test_the_reasons_for_passing_over_a_provider_are_told_in_order() -> None:
    chain = SearchChain([Fixed("a", SearchError("a is down", hint="Wait")), Fixed("b", 0, ("odd",)), Fixed("c", 1)])
    answer = await chain.search(_QUERY)
    assert answer.provider == "c"
    assert answer.warnings == ("a is down. Wait", "b: found nothing", "odd")


async def test_finding_nothing_anywhere_is_no_error() -> None:
    answer = await SearchChain([Fixed("a", SearchError("down")), Fixed("b", 0)]).search(_QUERY)
    assert (answer.hits, answer.provider) == ((), "a,b")
    assert answer.warnings == ("a: down", "b: found nothing")


async def test_when_all_fail_every_reason_is_in_the_error() -> None:
    with pytest.raises(SearchError, match=r"no search provider could answer: a: down; b: wait"):
        await SearchChain([Fixed("a", SearchError("down")), Fixed("b", RateLimited("wait"))]).search(_QUERY)


async def test_a_single_provider_fails_with_its_own_error() -> None:
    with pytest.raises(RateLimited, match=r"^wait$"):
        await SearchChain([Fixed("a", RateLimited("wait"))]).search(_QUERY)


def test_a_chain_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no search provider"):
        SearchChain([])


async def test_a_provider_that_asked_to_wait_is_passed_over_and_that_is_said_each_time() -> None:
    limited, other = Fixed("a", RateLimited("a asks to wait 40 s", wait_s=40)), Fixed("b", 1)
    chain = SearchChain([SpacedSearch(limited, 0, Turns()), other])
    first, second = await chain.search(_QUERY), await chain.search(_QUERY)
    assert (first.provider, second.provider, limited.asked) == ("b", "b", 1)
    assert first.warnings == ("a asks to wait 40 s",)
    assert second.warnings[0].startswith("a asked to wait and is not asked for another 40 s")


async def test_a_kept_answer_of_the_first_provider_is_told_as_kept() -> None:
    chain = SearchChain([CachedSearch(Fixed("a", 1), SearchCache(60, None)), Fixed("b", 1)])
    assert [(await chain.search(_QUERY)).cached for _ in range(2)] == [False, True]
