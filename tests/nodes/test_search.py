import pytest

from mm_orch.errors import SearchError, WorkflowError
from mm_orch.records.limits import Limits
from tests.fixtures.steps import FakeSearch, hit, node, ran

SEARCH = node("search", reads={"query": "question"}, limits={"hits": 2})


async def test_search_asks_the_provider_in_the_language_of_the_run() -> None:
    provider = FakeSearch((hit(1),))
    done = await ran(SEARCH, {"question": "潮汐"}, search=provider, language="zh")
    assert done.outputs == {"hits": [hit(1)]}
    assert (provider.queries[0].text, provider.queries[0].language, provider.queries[0].limit) == ("潮汐", "zh", 2)


async def test_a_users_limit_goes_over_the_files() -> None:
    provider = FakeSearch(tuple(map(hit, range(9))))
    done = await ran(SEARCH, {"question": "x"}, search=provider, limits=Limits(hits=5))
    assert provider.queries[0].limit == 5
    assert len(done.outputs["hits"]) == 5


async def test_the_same_address_is_one_hit() -> None:
    done = await ran(SEARCH, {"question": "x"}, search=FakeSearch((hit(1), hit(1), hit(2))))
    assert done.outputs["hits"] == [hit(1), hit(2)]


async def test_a_failed_search_degrades_and_says_why() -> None:
    done = await ran(SEARCH, {"question": "x"}, search=FakeSearch(error=SearchError("no network")))
    assert done.outputs == {"hits": []}
    assert done.run.degraded
    assert done.run.warnings == ["search failed: no network"]


async def test_finding_nothing_degrades() -> None:
    done = await ran(SEARCH, {"question": "x"}, search=FakeSearch())
    assert done.run.degraded
    assert "found nothing for 'x'" in done.run.warnings[0]


async def test_a_providers_fallback_is_told_and_costs_nothing() -> None:
    done = await ran(SEARCH, {"question": "x"}, search=FakeSearch((hit(1),), warnings=("ddgs: rate limited",)))
    assert done.run.warnings == ["ddgs: rate limited"]
    assert not done.run.degraded


async def test_without_a_provider_the_step_fails() -> None:
    with pytest.raises(WorkflowError, match="needs a search provider"):
        await ran(SEARCH, {"question": "x"})


async def test_an_answer_of_the_cache_is_told_to_who_wants_to_know(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "mm_orch.nodes.search"):
        await ran(SEARCH, {"question": "x"}, search=FakeSearch((hit(1),)))
        assert caplog.messages == []
        await ran(SEARCH, {"question": "x"}, search=FakeSearch((hit(1),), cached=True))
    assert "comes from the cache" in caplog.messages[0]
