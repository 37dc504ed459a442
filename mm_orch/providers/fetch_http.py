"""Reads one web page: http and https, public addresses, a bounded number of bytes within a bounded time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from mm_orch.documents import media_type as media
from mm_orch.documents.extraction import ExtractionPool
from mm_orch.errors import FetchError
from mm_orch.providers.address_policy import AddressPolicy
from mm_orch.providers.http_body import Body, read_body, too_large
from mm_orch.providers.http_freshness import judge
from mm_orch.providers.http_get import HttpGet
from mm_orch.providers.http_names import Resolver, look_up
from mm_orch.providers.http_url import REDIRECTS, parsed, redirected
from mm_orch.providers.page_cache import CachedPage, PageCache
from mm_orch.providers.politeness import Politeness
from mm_orch.providers.robots import Robots
from mm_orch.records.page import Page
from mm_orch.records.typed_url import TypedUrl

if TYPE_CHECKING:
    import httpx2

_HINTS = {
    401: "The site wants a login; choose another page",
    403: "The site refuses programs; choose another page",
    404: "The page is gone; choose another one",
    410: "The page is gone; choose another one",
    429: "The site asks to wait; try again later",
}


class DocumentReader(Protocol):
    """Turns bytes into a page where that can be stopped."""

    async def read(self, data: bytes, media_type: str, url: str, charset: str | None) -> Page:
        """The document's page. Raises ``FetchError``."""
        ...

    def warm(self) -> None:
        """Be ready soon: the first page is on its way."""
        ...

    def close(self) -> None:
        """End what was started."""
        ...


class HttpFetcher:
    """A ``PageFetcher`` for the web. It sends the address, ``MuAI`` and its version, and nothing else."""

    def __init__(
        self,
        *,
        timeout_s: float = 15.0,
        max_bytes: int = 3_000_000,
        concurrency: int = 20,
        per_host: int = 2,
        allow_hosts: Iterable[str] = (),
        max_redirects: int = 5,
        robots: bool = True,
        cache: PageCache | None = None,
        reader: DocumentReader | None = None,
        resolve: Resolver = look_up,
    ) -> None:
        """``timeout_s`` covers a page from the look-up of its name to its text; ``max_bytes`` its bytes as they
        arrive and as they unpack; ``concurrency`` pages are asked for at once, ``per_host`` of one host;
        ``allow_hosts`` (``host`` or ``host:port``) may be private. ``robots`` obeys robots.txt except for a
        ``TypedUrl``. ``cache`` is closed with the fetcher.
        """
        self._timeout_s, self._max_bytes, self._max_redirects = timeout_s, max_bytes, max_redirects
        self._get = HttpGet(AddressPolicy(allow_hosts), resolve)
        self._cache = cache
        self._robots = Robots(self._get, cache) if robots else None
        self._politeness = Politeness(concurrency, per_host)
        self._reader = reader or ExtractionPool()
        self._warming: threading.Thread | None = None

    async def fetch(self, url: str) -> Page:
        """The readable text of the page; waiting for a free slot is not counted against its time.

        Raises ``ForbiddenAddress``, ``UnsupportedMedia``, or ``FetchError`` for anything else that goes wrong.
        """
        self._reader.warm()
        try:
            async with asyncio.timeout(self._timeout_s) as deadline:
                page = await self._follow(parsed(url), isinstance(url, TypedUrl), deadline)
        except TimeoutError as error:
            hint = "Choose another page, or raise fetch.timeout_s"
            raise FetchError(f"{url!r} took longer than {self._timeout_s:g} s", hint=hint) from error
        warning = self._cache.warning() if self._cache else None
        return replace(page, warnings=(*page.warnings, warning)) if warning else page

    def warm(self) -> None:
        """Get ready to read pages while something else, such as a search, still takes its time."""
        self._reader.warm()
        if self._warming is None:
            self._warming = threading.Thread(target=self._get.warm, daemon=True)
            self._warming.start()

    def close(self) -> None:
        """End what was started to read pages; the fetcher may be used again."""
        self._reader.close()
        if self._cache:
            self._cache.close()

    async def _follow(self, url: httpx2.URL, typed: bool, deadline: asyncio.Timeout) -> Page:
        first = url
        for _ in range(self._max_redirects + 1):
            found = await self._ask(url, typed, deadline)
            if isinstance(found, Page):
                return found
            url = found
        hint = "Choose another page, or raise fetch.max_redirects"
        raise FetchError(f"{str(first)!r} redirects more than {self._max_redirects} times", hint=hint)

    async def _ask(self, url: httpx2.URL, typed: bool, deadline: asyncio.Timeout) -> Page | httpx2.URL:
        """The page, or where to ask instead."""
        known = await asyncio.to_thread(self._cache.get, str(url)) if self._cache else None
        if known and self._cache and self._cache.clock() < known.fresh_until:
            return known.page
        if self._robots and not typed:
            await self._robots.check(url)
        async with AsyncExitStack() as held:
            await held.enter_async_context(self._politeness.turn(url.host, deadline))
            response = await held.enter_async_context(self._get.open(url, known.conditions if known else None))
            self._politeness.note(url.host, response.status_code, response.headers)
            if known and response.status_code == HTTPStatus.NOT_MODIFIED:
                return await self._keep(str(url), known.page, response)
            if response.status_code in REDIRECTS:
                return redirected(url, response)
            body, media_type, charset = await self._body(url, response)
        page = await self._reader.read(body.at_boundary(), media_type, str(url), charset)
        if not body.is_whole:
            cut = f"{str(url)!r}: only its first {self._max_bytes:,} bytes were read"
            page = replace(page, warnings=(*page.warnings, cut))
        return await self._keep(str(url), page, response)

    async def _body(self, url: httpx2.URL, response: httpx2.Response) -> tuple[Body, str, str | None]:
        if not response.is_success:
            raise _refused(url, response.status_code)
        media_type, charset = media.parse(response.headers.get("Content-Type", ""))
        if not media.is_readable(media_type):
            raise media.refuse(media_type, str(url))
        may_cut = media_type in media.HTML or media_type.startswith("text/")
        length = response.headers.get("Content-Length", "")
        if not may_cut and length.isdecimal() and int(length[:20]) > self._max_bytes:
            raise too_large(str(url), self._max_bytes)
        encoding = response.headers.get("Content-Encoding", "")
        body = await read_body(response.aiter_raw(), encoding, self._max_bytes, str(url))
        if not body.is_whole and not may_cut:
            raise too_large(str(url), self._max_bytes)
        return body, media_type, charset

    async def _keep(self, url: str, page: Page, response: httpx2.Response) -> Page:
        if self._cache is None:
            return page
        judged, now = judge(response.headers), self._cache.clock()
        if judged.may_keep:
            kept = CachedPage(page, now, now + judged.fresh_s, judged.etag, judged.last_modified)
            await asyncio.to_thread(self._cache.put, url, kept)
        else:
            await asyncio.to_thread(self._cache.remove, url)
        return page


def _refused(url: httpx2.URL, status: int) -> FetchError:
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "unknown status"
    hint = _HINTS.get(status, "The site is in trouble; try again later" if status >= 500 else "Choose another page")
    return FetchError(f"{str(url)!r} answered {status} {phrase}", hint=hint)
