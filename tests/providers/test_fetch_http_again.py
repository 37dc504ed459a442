"""Reading pages more than once, and many of one host: the cache, robots.txt and politeness, together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from mm_orch.database import Database
from mm_orch.documents.reader import read_document
from mm_orch.errors import FetchError
from mm_orch.providers.fetch_http import HttpFetcher
from mm_orch.providers.page_cache import PageCache
from mm_orch.records.page import Page
from mm_orch.records.typed_url import TypedUrl
from tests.fixtures.changing_site import ChangingSite

Served = Callable[..., ChangingSite]
_CHANGED = "Sat, 21 Nov 2026 12:00:00 GMT"


class ReaderHere:
    """Reads in this process: what a page may do to its reader is another file's test."""

    async def read(self, data: bytes, media_type: str, url: str, charset: str | None) -> Page:
        return read_document(data, media_type, url, charset)

    def warm(self) -> None:
        return

    def close(self) -> None:
        return


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def served(loopback: None) -> Iterator[Served]:
    with ExitStack() as started:
        yield lambda *given, **named: started.enter_context(ChangingSite(*given, **named))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(clock: Clock) -> PageCache:
    return PageCache(lambda: Database(None), 1_000_000, clock)


def _fetcher(site: ChangingSite, cache: PageCache | None = None, *, robots: bool = False) -> HttpFetcher:
    return HttpFetcher(allow_hosts=[site.host], reader=ReaderHere(), cache=cache, robots=robots)


async def test_a_fresh_page_is_not_asked_for_again(served: Served, cache: PageCache, clock: Clock) -> None:
    site = served({"Cache-Control": "max-age=60"})
    first = await _fetcher(site, cache).fetch(site.url())
    clock.now += 59
    assert await _fetcher(site, cache).fetch(site.url("/page#part")) == first
    assert len(site.requests) == 1


async def test_a_stale_page_is_asked_for_again(served: Served, cache: PageCache, clock: Clock) -> None:
    site = served({"Cache-Control": "max-age=60"})
    fetcher = _fetcher(site, cache)
    await fetcher.fetch(site.url())
    clock.now += 61
    site.text = "Coffee."
    assert (await fetcher.fetch(site.url())).text == "Coffee."


@pytest.mark.parametrize("headers", [{"ETag": '"1"'}, {"Last-Modified": _CHANGED}])
async def test_a_page_that_has_not_changed_is_not_sent_again(
    headers: dict[str, str], served: Served, cache: PageCache, clock: Clock
) -> None:
    site = served({"Cache-Control": "max-age=60", **headers})
    fetcher = _fetcher(site, cache)
    first = await fetcher.fetch(site.url())
    clock.now += 61
    assert await fetcher.fetch(site.url()) == first
    clock.now += 59
    assert await fetcher.fetch(site.url()) == first
    assert site.requests == [("/page", ""), ("/page", *headers.values())]


async def test_a_page_that_has_changed_replaces_the_old_one(served: Served, cache: PageCache) -> None:
    site = served({"Cache-Control": "no-cache", "ETag": '"1"'})
    fetcher = _fetcher(site, cache)
    await fetcher.fetch(site.url())
    site.headers["ETag"], site.text = '"2"', "Coffee."
    assert (await fetcher.fetch(site.url())).text == "Coffee."
    assert (await fetcher.fetch(site.url())).text == "Coffee."
    assert [condition for _, condition in site.requests] == ["", '"1"', '"2"']


async def test_a_page_that_must_not_be_stored_is_not(served: Served, cache: PageCache) -> None:
    site = served({"ETag": '"1"'})
    fetcher = _fetcher(site, cache)
    site.headers["Cache-Control"] = "no-store"
    for _ in range(2):
        await fetcher.fetch(site.url())
    assert site.requests == [("/page", "")] * 2
    assert cache.get(site.url()) is None


async def test_a_redirect_is_followed_each_time_and_only_the_page_is_kept(served: Served, cache: PageCache) -> None:
    site = served({"Cache-Control": "max-age=60"})
    fetcher = _fetcher(site, cache)
    for _ in range(2):
        assert (await fetcher.fetch(site.url("/moved"))).url == site.url()
    assert site.paths == ["/moved", "/page", "/moved"]


async def test_an_error_is_not_kept(served: Served, cache: PageCache) -> None:
    site = served()
    site.status = 500
    fetcher = _fetcher(site, cache)
    with pytest.raises(FetchError, match="500"):
        await fetcher.fetch(site.url())
    site.status = 200
    assert (await fetcher.fetch(site.url())).text == site.text


async def test_a_cache_that_cannot_be_used_is_said_once_and_pages_are_read(served: Served, tmp_path: Path) -> None:
    (tmp_path / "pages.db").write_bytes(b"no database " * 1000)
    site = served()
    fetcher = _fetcher(site, PageCache(lambda: Database(tmp_path / "pages.db"), 1000))
    first, second = [await fetcher.fetch(site.url()) for _ in range(2)]
    assert [len(page.warnings) for page in (first, second)] == [1, 0]
    assert "the page cache is not used" in first.warnings[0]


async def test_what_a_host_forbids_is_not_asked_for(served: Served) -> None:
    site = served()
    fetcher = _fetcher(site, robots=True)
    with pytest.raises(FetchError, match=r"robots\.txt of its host forbids it"):
        await fetcher.fetch(site.url("/private/a"))
    assert (await fetcher.fetch(site.url())).text
    assert site.paths == ["/robots.txt", "/page"]


async def test_what_a_person_typed_is_asked_for_whatever_robots_txt_says(served: Served) -> None:
    site = served()
    assert (await _fetcher(site, robots=True).fetch(TypedUrl(site.url("/private/a")))).text
    assert site.paths == ["/private/a"]


async def test_a_redirect_into_what_is_forbidden_is_not_followed(served: Served) -> None:
    site = served()
    there = served({"Location": site.url("/private/a")})
    there.status = 302
    fetcher = HttpFetcher(allow_hosts=[site.host, there.host], reader=ReaderHere())
    with pytest.raises(FetchError, match=r"private/a' is not for programs"):
        await fetcher.fetch(there.url())
    assert site.paths == ["/robots.txt"]


async def test_a_host_is_asked_for_two_pages_at_a_time(served: Served) -> None:
    site = served(wait_s=0.03)
    fetcher = _fetcher(site)
    await asyncio.gather(*(fetcher.fetch(site.url(f"/{number}")) for number in range(8)))
    assert site.most_at_once == 2
    assert len(site.requests) == 8


async def test_a_host_that_asks_to_wait_is_left_alone(served: Served) -> None:
    site = served({"Retry-After": "60"})
    site.status = 429
    fetcher = _fetcher(site)
    with pytest.raises(FetchError, match="answered 429 Too Many Requests"):
        await fetcher.fetch(site.url())
    with pytest.raises(FetchError, match=r"'127\.0\.0\.1' was not asked: .* another 60 s"):
        await fetcher.fetch(site.url("/other"))
    assert len(site.requests) == 1


async def test_a_fresh_page_of_a_host_that_asks_to_wait_is_still_there(served: Served, cache: PageCache) -> None:
    site = served({"Cache-Control": "max-age=60"})
    fetcher = _fetcher(site, cache)
    await fetcher.fetch(site.url())
    site.status = 503
    site.headers["Retry-After"] = "60"
    with pytest.raises(FetchError, match="503"):
        await fetcher.fetch(site.url("/other"))
    assert (await fetcher.fetch(site.url())).text == site.text


async def test_getting_ready_opens_no_connection_and_may_be_asked_for_twice(served: Served) -> None:
    site = served()
    fetcher = _fetcher(site)
    fetcher.warm()
    fetcher.warm()
    assert (await fetcher.fetch(site.url())).text
    assert site.paths == ["/page"]
    fetcher.close()
