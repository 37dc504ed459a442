"""How often a host is asked."""

from __future__ import annotations

import asyncio

import pytest

from mm_orch.errors import FetchError
from mm_orch.providers.politeness import Politeness

NOW = 1_792_584_000.0  # 2026-10-21 12:00:00 UTC


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


async def _ask(politeness: Politeness, host: str, held: dict[str, int], most: dict[str, int]) -> None:
    async with asyncio.timeout(5) as deadline, politeness.turn(host, deadline):
        for name in (host, "all"):
            held[name] = held.get(name, 0) + 1
            most[name] = max(most.get(name, 0), held[name])
        await asyncio.sleep(0.01)
        for name in (host, "all"):
            held[name] -= 1


async def test_no_more_are_asked_at_once_than_allowed_in_all_and_of_one_host() -> None:
    politeness, most, held = Politeness(5, 2), dict[str, int](), dict[str, int]()
    hosts = [f"host{number % 4}" for number in range(40)]
    await asyncio.gather(*(_ask(politeness, host, held, most) for host in hosts))
    assert most == {"all": 5, "host0": 2, "host1": 2, "host2": 2, "host3": 2}


async def test_a_host_with_many_pages_does_not_keep_the_others_waiting() -> None:
    politeness, order = Politeness(4, 1), list[str]()

    async def ask(host: str) -> None:
        async with asyncio.timeout(5) as deadline, politeness.turn(host, deadline):
            await asyncio.sleep(0.02)
            order.append(host)

    await asyncio.gather(*(ask(host) for host in ["busy"] * 6 + ["other"]))
    assert order.index("other") <= 1


async def test_waiting_is_not_counted_against_the_deadline() -> None:
    politeness = Politeness(1, 1)

    async def ask() -> None:
        async with asyncio.timeout(0.2) as deadline, politeness.turn("a", deadline):
            await asyncio.sleep(0.12)

    await asyncio.gather(*(ask() for _ in range(4)))


async def test_the_deadline_holds_inside_a_turn() -> None:
    politeness = Politeness(1, 1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05) as deadline, politeness.turn("a", deadline):
            await asyncio.sleep(5)
    async with asyncio.timeout(1) as deadline, politeness.turn("a", deadline):
        assert deadline.when() is not None


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [
        (429, "20", 20),
        (503, "20", 20),
        (429, "", 30),
        (429, "whenever", 30),
        (503, "", 0),
        (429, "Wed, 21 Oct 2026 12:01:00 GMT", 60),
        (429, "999999999", 3600),
        (429, "-5", 30),
        (200, "20", 0),
        (500, "20", 0),
    ],
)
async def test_a_host_is_left_alone_for_as_long_as_it_asked_within_reason(
    status: int, retry_after: str, seconds: float
) -> None:
    clock = Clock()
    politeness = Politeness(5, 2, clock)
    politeness.note("a", status, {"Retry-After": retry_after})
    politeness.check("b")
    if seconds:
        clock.now += seconds - 1
        with pytest.raises(FetchError, match=r"'a' was not asked: .* another 1 s"):
            await _ask(politeness, "a", {}, {})
        clock.now += 2
    await _ask(politeness, "a", {}, {})


async def test_those_who_waited_for_their_turn_heed_what_the_first_was_told() -> None:
    politeness = Politeness(5, 1)

    async def ask() -> None:
        async with asyncio.timeout(5) as deadline, politeness.turn("a", deadline):
            await asyncio.sleep(0.01)
            politeness.note("a", 429, {"Retry-After": "60"})

    ended = await asyncio.gather(*(ask() for _ in range(3)), return_exceptions=True)
    assert [type(end) for end in ended] == [type(None), FetchError, FetchError]


def test_one_politeness_serves_one_event_loop_after_the_other() -> None:
    politeness = Politeness(1, 1)

    async def several() -> None:
        await asyncio.gather(*(_ask(politeness, "a", {}, {}) for _ in range(3)))

    for _ in range(2):
        asyncio.run(several())
