"""One page from the web, and everything that can be wrong with it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from mm_orch import __version__
from mm_orch.documents.extraction import ExtractionPool
from mm_orch.errors import FetchError, ForbiddenAddress, UnsupportedMedia
from mm_orch.providers.fetch_http import HttpFetcher
from tests.fixtures.site import PAGES, Site


@pytest.fixture(scope="module")
def reader() -> Iterator[ExtractionPool]:
    """Warm for the whole file: a process a test would cost more than the tests."""
    pool = ExtractionPool(limit_s=20)
    yield pool
    pool.close()


@pytest.fixture
def fetcher(site: Site, reader: ExtractionPool) -> HttpFetcher:
    return _fetcher(site, reader)


def _fetcher(site: Site, reader: ExtractionPool, **options: Any) -> HttpFetcher:
    return HttpFetcher(allow_hosts=[site.host], reader=reader, **{"timeout_s": 20.0, "robots": False, **options})


@pytest.mark.parametrize("path", sorted(PAGES))
async def test_each_page_of_the_site_is_read(path: str, site: Site, fetcher: HttpFetcher) -> None:
    page = await fetcher.fetch(site.url(path))
    assert (page.url, page.title) == (site.url(path), PAGES[path].title)
    assert len(page.text) > 0.6 * len(PAGES[path].text)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/gzip", "This page was packed"),
        ("/deflate", "This page was packed"),
        ("/raw-deflate", "This page was packed"),
        ("/mislabelled", "绿茶是不发酵的茶"),
        ("/json", '"name": "茶"'),
        ("/markdown", "Tea is *hot*."),
        ("/nameless", "Plain words"),
        ("/text", "Plain words"),
    ],
)
async def test_other_documents_are_read(path: str, words: str, site: Site, fetcher: HttpFetcher) -> None:
    assert words in (await fetcher.fetch(site.url(path))).text


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/announced", r"larger than 3,000,000 bytes.*fetch\.max_bytes"),
        ("/bomb", "not a text document"),
        ("/brotli", "packed as 'br'"),
        ("/broken", "answered 500 Internal Server Error"),
        ("/cut", "could not be read"),
        ("/empty", "shows no text"),
        ("/endless", r"redirects more than 5 times.*fetch\.max_redirects"),
        ("/endless-headers", "could not be read"),
        ("/half-packed", "ended in the middle"),
        ("/huge-header", "could not be read"),
        ("/huge.json", "larger than 3,000,000 bytes"),
        ("/no-such-page", "answered 404 Not Found"),
        ("/to-itself", "redirects more than 5 times"),
        ("/to-nowhere", "redirects to nowhere"),
    ],
)
async def test_a_page_that_misbehaves_is_an_error_that_names_it(
    path: str, message: str, site: Site, fetcher: HttpFetcher
) -> None:
    with pytest.raises(FetchError, match=message) as caught:
        await fetcher.fetch(site.url(path))
    assert repr(site.url(path)) in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("path", ["/binary", "/image"])
async def test_what_is_no_text_document_is_refused(path: str, site: Site, fetcher: HttpFetcher) -> None:
    with pytest.raises(UnsupportedMedia, match=path):
        await fetcher.fetch(site.url(path))


@pytest.mark.parametrize("path", ["/drip", "/silent", "/quadratic", "/slow-header", "/endless-continue"])
async def test_a_page_that_takes_for_ever_is_given_up_in_time(
    path: str, site: Site, reader: ExtractionPool
) -> None:
    await reader.read(b"warm", "text/plain", "http://warm/", None)
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"took longer than 0\.5 s.*fetch\.timeout_s"):
        await _fetcher(site, reader, timeout_s=0.5).fetch(site.url(path))
    assert time.monotonic() - began < 2


async def test_a_page_knows_the_address_it_was_moved_to(site: Site, fetcher: HttpFetcher) -> None:
    assert (await fetcher.fetch(site.url("/moved#part"))).url == site.url("/en/great-wall")


@pytest.mark.parametrize("path", ["/to-metadata", "/to-file", "/to-password"])
async def test_a_redirect_is_checked_like_the_first_address(path: str, site: Site, fetcher: HttpFetcher) -> None:
    with pytest.raises(ForbiddenAddress):
        await fetcher.fetch(site.url(path))
    assert len(site.requests) == 1


async def test_a_redirect_to_another_port_of_this_machine_is_refused(site: Site, reader: ExtractionPool) -> None:
    with Site() as other:
        fetcher = _fetcher(other, reader)
        with pytest.raises(ForbiddenAddress):
            await fetcher.fetch(site.url("/text"))
    assert site.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "//example.com/",
        "http://",
        "file:///etc/passwd",
        "ftp://example.com/",
        "javascript:alert(1)",
        "http://user:secret@example.com/",
        "http://exa mple.com/",
        "http://[::1",
        "http://example.com:99999/",
        "http://１２７.0.0.1/",
        "http://127.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://0/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://[fec0::1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:53aa:64c:0:fbbe:8000:1]/",
        "http://192.88.99.1/",
        "http://100.64.0.1/",
        "http://168.63.129.16/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost./",
    ],
)
async def test_what_is_no_public_web_address_is_forbidden(url: str, reader: ExtractionPool) -> None:
    with pytest.raises(ForbiddenAddress):
        await HttpFetcher(reader=reader).fetch(url)


async def test_a_password_in_an_address_is_not_repeated(reader: ExtractionPool) -> None:
    with pytest.raises(ForbiddenAddress) as caught:
        await HttpFetcher(reader=reader).fetch("http://user:secret@example.com/")
    assert "secret" not in str(caught.value)


async def test_nothing_but_the_address_goes_out(site: Site, fetcher: HttpFetcher) -> None:
    await fetcher.fetch(site.url("/cookie"))
    assert [path for path, _ in site.requests] == ["/cookie", "/echo"]
    for _, headers in site.requests:
        assert headers.pop("User-Agent") == f"MuAI/{__version__}"
        assert set(headers) == {"Host", "Accept", "Accept-Encoding", "Connection"}


async def test_a_long_page_is_read_as_far_as_allowed_and_that_is_said(site: Site, fetcher: HttpFetcher) -> None:
    url = site.url("/huge")
    page = await fetcher.fetch(url)
    assert "all work and no play" in page.text
    assert page.warnings == (f"'{url}': only its first 3,000,000 bytes were read",)
    assert (await fetcher.fetch(site.url("/text"))).warnings == ()


async def test_a_name_that_means_another_address_the_second_time_gains_nothing(
    site: Site, reader: ExtractionPool
) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return answers.pop(0)

    fetcher = HttpFetcher(reader=reader, resolve=rebinding)
    for _ in range(2):
        with pytest.raises(ForbiddenAddress, match=r"'rebind\.test' \("):
            await fetcher.fetch(site.url("/text", "rebind.test"))
    assert site.requests == []


async def test_waiting_for_a_slot_is_not_counted_against_a_page(site: Site, reader: ExtractionPool) -> None:
    fetcher = _fetcher(site, reader, timeout_s=0.6, concurrency=1)
    slow, quick = await asyncio.gather(
        fetcher.fetch(site.url("/drip")), fetcher.fetch(site.url("/text")), return_exceptions=True
    )
    assert isinstance(slow, FetchError)
    assert not isinstance(quick, BaseException)


def test_one_fetcher_serves_one_event_loop_after_the_other(site: Site, reader: ExtractionPool) -> None:
    fetcher = _fetcher(site, reader, concurrency=2)

    async def several() -> list[str]:
        return [page.title for page in await asyncio.gather(*(fetcher.fetch(site.url("/text")) for _ in range(5)))]

    assert asyncio.run(several()) == asyncio.run(several()) == ["Plain words, and nothing else."] * 5


async def test_a_fetcher_ends_the_processes_it_started(site: Site) -> None:
    fetcher = HttpFetcher(allow_hosts=[site.host], robots=False)
    await fetcher.fetch(site.url("/text"))
    fetcher.close()
    assert (await fetcher.fetch(site.url("/text"))).text
    fetcher.close()
