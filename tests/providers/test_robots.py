"""What a host lets programs read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from mm_orch.database import Database
from mm_orch.errors import FetchError, ForbiddenAddress
from mm_orch.providers.address_policy import AddressPolicy
from mm_orch.providers.http_get import HttpGet
from mm_orch.providers.page_cache import PageCache
from mm_orch.providers.robots import Robots
from tests.fixtures.robots_site import RobotsSite

Served = Callable[..., RobotsSite]


@pytest.fixture
def served(loopback: None) -> Iterator[Served]:
    """Starts a site whose robots.txt is the text given."""
    with ExitStack() as started:
        yield lambda *given, **named: started.enter_context(RobotsSite(*given, **named))


def _robots(site: RobotsSite, cache: PageCache | None = None, clock: Callable[[], float] = time.time) -> Robots:
    return Robots(HttpGet(AddressPolicy([site.host])), cache, clock)


async def _may(robots: Robots, site: RobotsSite, path: str) -> bool:
    try:
        await robots.check(httpx2.URL(site.url(path)))
    except FetchError:
        return False
    return True


@pytest.mark.parametrize(
    ("rules", "status", "message"),
    [
        ("User-agent: *\nDisallow: /", 200, r"robots\.txt of its host forbids it\..*fetch\.robots: false"),
        ("", 503, r"robots\.txt of its host answered 503\..*later"),
    ],
)
async def test_a_refusal_names_page_and_reason_and_way_out(
    served: Served, rules: str, status: int, message: str
) -> None:
    site = served(rules, status)
    with pytest.raises(FetchError, match=message) as caught:
        await _robots(site).check(httpx2.URL(site.url("/a")))
    assert site.url("/a") in caught.value.message


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /private", "/private/x", False),
        ("User-agent: *\nDisallow: /private", "/public", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: MuAI\nAllow: /", "/a", True),
        ("User-agent: muai\nUser-agent: Other\nDisallow: /", "/a", False),
        ("User-agent: MuAI/0.1\nDisallow: /", "/a", False),
        ("User-agent: Other\nDisallow: /", "/a", True),
        ("User-agent: NotMuAI\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("User-agent: *\nDisallow: /茶", "/%E8%8C%B6", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a # no\r\n", "/a", False),
        ("<html>Not found</html>", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
    ],
)
async def test_the_rules_for_us_are_obeyed(served: Served, rules: str, path: str, allowed: bool) -> None:
    site = served(rules)
    assert await _may(_robots(site), site, path) is allowed


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (410, True), (500, False), (503, False)])
async def test_rules_that_are_not_there_allow_all_and_rules_that_cannot_be_had_nothing(
    served: Served, status: int, allowed: bool
) -> None:
    site = served("", status)
    assert await _may(_robots(site), site, "/a") is allowed


async def test_they_are_read_once_for_all_pages_of_a_host(served: Served) -> None:
    site = served("User-agent: *\nDisallow: /no", delay_s=0.05)
    robots = _robots(site)
    may = await asyncio.gather(*(_may(robots, site, path) for path in ("/a", "/b", "/no", "/c")))
    assert may == [True, True, False, True]
    assert not await _may(robots, site, "/no/more")
    assert site.asked == ["/robots.txt"]


async def test_a_page_that_is_given_up_does_not_take_the_rules_from_the_others(served: Served) -> None:
    site = served("User-agent: *\nDisallow: /no", delay_s=0.1)
    robots = _robots(site)
    first, second = (asyncio.create_task(_may(robots, site, "/a")) for _ in range(2))
    await asyncio.sleep(0.02)
    first.cancel()
    assert await second
    assert len(site.asked) == 1


async def test_the_rules_of_the_place_it_was_moved_to_count(served: Served) -> None:
    there = served("User-agent: *\nDisallow: /")
    here = served(location=there.url("/robots.txt"))
    robots = Robots(HttpGet(AddressPolicy(["127.0.0.1"])))
    assert not await _may(robots, here, "/a")


async def test_rules_that_are_moved_in_circles_count_as_not_there(served: Served) -> None:
    site = served(location="/robots.txt")
    assert await _may(_robots(site), site, "/a")
    assert len(site.asked) == 6


async def test_rules_that_hide_behind_a_private_address_forbid(served: Served) -> None:
    site = served(location="http://169.254.169.254/")
    assert not await _may(_robots(site), site, "/a")


async def test_a_host_that_is_not_public_is_not_even_asked_for_rules() -> None:
    with pytest.raises(ForbiddenAddress):
        await Robots(HttpGet(AddressPolicy())).check(httpx2.URL("http://127.0.0.1/a"))


async def test_a_host_that_does_not_answer_is_asked_again_after_a_while(served: Served) -> None:
    now = [1000.0]
    site = served("", 503)
    robots = _robots(site, clock=lambda: now[0])
    assert not await _may(robots, site, "/a")
    site.status = 200
    assert not await _may(robots, site, "/a")
    now[0] += 61
    assert await _may(robots, site, "/a")
    assert len(site.asked) == 2


async def test_rules_outlive_the_process_and_are_read_again_after_a_day(served: Served, tmp_path: Path) -> None:
    now = [1000.0]
    cache = PageCache(lambda: Database(tmp_path / "pages.db"), 1_000_000, lambda: now[0])
    site = served("User-agent: *\nDisallow: /")
    for _ in range(2):
        assert not await _may(_robots(site, cache, lambda: now[0]), site, "/a")
    assert len(site.asked) == 1
    now[0] += 86_401
    assert not await _may(_robots(site, cache, lambda: now[0]), site, "/a")
    assert len(site.asked) == 2
    cache.close()


async def test_no_more_than_the_cap_is_read(served: Served) -> None:
    filler = "# nothing\n" * 60_000
    site = served("User-agent: *\nDisallow: /early\n" + filler + "Disallow: /late\n")
    robots = _robots(site)
    assert not await _may(robots, site, "/early")
    assert await _may(robots, site, "/late")


async def test_hostile_rules_take_no_more_than_a_moment(served: Served) -> None:
    names = "\u2028".join(f"User-agent: a{number}" for number in range(15_000))
    wild = "".join(f"Disallow: /{'*a' * 40}{number}$\n" for number in range(2_000))
    site = served(f"{names}\n{wild}")
    began = time.monotonic()
    assert await _may(_robots(site), site, "/" + "a" * 2000)
    assert time.monotonic() - began < 3
