"""Providers are asked in turn, and not while they want to be left alone."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from mm_orch.errors import RateLimited, SearchError
from mm_orch.providers.search_spacing import SpacedSearch, Turns, duration
from mm_orch.records.search import SearchAnswer, SearchQuery

_QUERY = SearchQuery("tea")


class Timed:
    """A provider that remembers when it was asked, and fails with ``error`` while there is one."""

    def __init__(self, name: str = "timed", error: SearchError | None = None) -> None:
        self.name = name
        self.times: list[float] = []
        self.error = error

    async def search(self, query: SearchQuery) -> SearchAnswer:
        self.times.append(time.monotonic())
        if self.error is not None:
            raise self.error
        return SearchAnswer((), self.name)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _gaps(times: list[float]) -> list[float]:
    return [later - earlier for earlier, later in zip(sorted(times), sorted(times)[1:], strict=False)]


async def test_searches_at_the_same_time_are_spaced() -> None:
    timed = Timed()
    search = SpacedSearch(timed, 0.05, Turns())
    await asyncio.gather(*(search.search(_QUERY) for _ in range(4)))
    assert all(gap >= 0.045 for gap in _gaps(timed.times))


def test_threads_with_event_loops_of_their_own_are_spaced_too() -> None:
    timed = Timed("spaced-over-threads")
    threads = [
        threading.Thread(target=lambda: asyncio.run(SpacedSearch(timed, 0.05).search(_QUERY))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(timed.times) == 4
    assert all(gap >= 0.045 for gap in _gaps(timed.times))


async def test_providers_of_other_names_do_not_wait_for_each_other() -> None:
    one, other = Timed("spaced-one"), Timed("spaced-other")
    began = time.monotonic()
    await asyncio.gather(SpacedSearch(one, 5).search(_QUERY), SpacedSearch(other, 5).search(_QUERY))
    assert time.monotonic() - began < 2


async def test_a_wait_can_be_cancelled_and_gives_its_turn_back() -> None:
    timed, turns = Timed(), Turns()
    search = SpacedSearch(timed, 60, turns)
    await search.search(_QUERY)
    waiting = asyncio.create_task(search.search(_QUERY))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert len(timed.times) == 1
    assert turns._free_at - time.monotonic() < 61


async def test_an_empty_query_takes_no_turn() -> None:
    timed = Timed()
    search = SpacedSearch(timed, 60, Turns())
    await search.search(_QUERY)
    assert (await asyncio.wait_for(search.search(SearchQuery(" ")), 1)).hits == ()


async def test_a_provider_is_passed_over_for_as_long_as_it_asked() -> None:
    clock = Clock()
    timed = Timed(error=RateLimited("wait", wait_s=40))
    search = SpacedSearch(timed, 0, Turns(clock))
    with pytest.raises(RateLimited, match=r"^wait$"):
        await search.search(_QUERY)
    clock.now += 10
    with pytest.raises(RateLimited, match=r"timed asked to wait and is not asked for another 30 s.*--search"):
        await search.search(_QUERY)
    assert len(timed.times) == 1
    timed.error = None
    clock.now += 30.1
    assert (await search.search(_QUERY)).provider == "timed"


async def test_one_that_did_not_say_how_long_is_left_alone_for_a_minute() -> None:
    clock = Clock()
    turns = Turns(clock)
    with pytest.raises(RateLimited):
        await SpacedSearch(Timed(error=RateLimited("wait")), 0, turns).search(_QUERY)
    assert turns.rest_left_s == 60


async def test_other_failures_leave_it_to_be_asked_again() -> None:
    timed = Timed(error=SearchError("down"))
    search = SpacedSearch(timed, 0, Turns())
    for _ in range(2):
        with pytest.raises(SearchError, match=r"^down$"):
            await search.search(_QUERY)
    assert len(timed.times) == 2


async def test_a_shorter_rest_does_not_end_a_longer_one() -> None:
    turns = Turns(Clock())
    turns.rest(100)
    turns.rest(5)
    turns.rest(-7)
    assert turns.rest_left_s == 100


async def test_a_rest_of_years_is_cut() -> None:
    turns = Turns(Clock())
    turns.rest(1e12)
    assert turns.rest_left_s == 31 * 86_400


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (37, "37 s"), (300, "5 min"), (7200, "2 h"), (1_419_704, "16 days")]
)
def test_a_time_is_said_in_a_fitting_unit(seconds: float, words: str) -> None:
    assert duration(seconds) == words
