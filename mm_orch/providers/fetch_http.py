"""Reads one web page: http and https, public addresses, a bounded number of bytes within a bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from mm_orch.documents import media_type as media
from mm_orch.documents.extraction import ExtractionPool
from mm_orch.errors import FetchError, ForbiddenAddress
from mm_orch.providers.address_policy import AddressPolicy
from mm_orch.providers.http_body import read_body, too_large
from mm_orch.providers.http_get import HttpGet, Resolver, look_up
from mm_orch.records.page import Page

if TYPE_CHECKING:
    import httpx2

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_HINTS = {
    401: "The site wants a login; choose another page",
    403: "The site refuses programs; choose another page",
    404: "The page is gone; choose another one",
    410: "The page is gone; choose another one",
    429: "The site asks to wait; try again later",
}


class DocumentReader(Protocol):
    """Turns bytes into a page where that can be stopped."""

    async def read(self, data: bytes, media_type: str, url: str, charset: str | None) -> Page: ...

    def warm(self) -> None:
        """Be ready soon: the first page is on its way."""
        ...

    def close(self) -> None: ...


class HttpFetcher:
    """A ``PageFetcher`` for the web. It sends the address, ``MuAI`` and its version, and nothing else."""

    def __init__(
        self,
        *,
        timeout_s: float = 15.0,
        max_bytes: int = 3_000_000,
        concurrency: int = 6,
        allow_hosts: Iterable[str] = (),
        max_redirects: int = 5,
        reader: DocumentReader | None = None,
        resolve: Resolver = look_up,
    ) -> None:
        """``timeout_s`` covers a page from the look-up of its name to its text; ``max_bytes`` its bytes as they
        arrive and as they unpack; ``concurrency`` pages are read at once; ``allow_hosts`` (``host`` or
        ``host:port``) may be private.
        """
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._concurrency = concurrency
        self._max_redirects = max_redirects
        self._get = HttpGet(AddressPolicy(allow_hosts), resolve)
        self._reader = reader or ExtractionPool()
        self._slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    async def fetch(self, url: str) -> Page:
        """The readable text of the page; waiting for a free slot is not counted against its time.

        Raises ``ForbiddenAddress``, ``UnsupportedMedia``, or ``FetchError`` for anything else that goes wrong.
        """
        loop = asyncio.get_running_loop()
        slot = self._slots.setdefault(loop, asyncio.Semaphore(self._concurrency))
        async with slot:
            self._reader.warm()
            try:
                async with asyncio.timeout(self._timeout_s):
                    return await self._follow(_parsed(url))
            except TimeoutError as error:
                hint = "Choose another page, or raise fetch.timeout_s"
                raise FetchError(f"{url!r} took longer than {self._timeout_s:g} s", hint=hint) from error

    def warm(self) -> None:
        """Get ready to read pages while something else, such as a search, still takes its time."""
        self._reader.warm()

    def close(self) -> None:
        """End what was started to read pages; the fetcher may be used again."""
        self._reader.close()

    async def _follow(self, url: httpx2.URL) -> Page:
        first = url
        for _ in range(self._max_redirects + 1):
            async with self._get.open(url) as response:
                if response.status_code not in _REDIRECTS:
                    data, media_type, charset = await self._body(url, response)
                    break
                url = _redirected(url, response)
        else:
            hint = "Choose another page, or raise fetch.max_redirects"
            raise FetchError(f"{str(first)!r} redirects more than {self._max_redirects} times", hint=hint)
        return await self._reader.read(data, media_type, str(url), charset)

    async def _body(self, url: httpx2.URL, response: httpx2.Response) -> tuple[bytes, str, str | None]:
        if not response.is_success:
            raise _refused(url, response.status_code)
        media_type, charset = media.parse(response.headers.get("Content-Type", ""))
        if not media.is_readable(media_type):
            raise media.refuse(media_type, str(url))
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and int(length[:20]) > self._max_bytes:
            raise too_large(str(url), self._max_bytes)
        encoding = response.headers.get("Content-Encoding", "")
        return await read_body(response.aiter_raw(), encoding, self._max_bytes, str(url)), media_type, charset


def _parsed(text: str) -> httpx2.URL:
    """The address to ask for. Raises ``ForbiddenAddress`` for what is no plain web address."""
    import httpx2

    try:
        url = httpx2.URL(text.strip())
    except (httpx2.InvalidURL, ValueError) as error:
        raise ForbiddenAddress(f"{text[:200]!r} is not a web address: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ForbiddenAddress(f"{text[:200]!r} is not a web address", hint="Only http:// and https:// are read")
    if url.port is not None and not 0 < url.port < 65536:
        raise ForbiddenAddress(f"{text[:200]!r} names port {url.port}", hint="Ports go from 1 to 65535")
    if url.userinfo:
        raise ForbiddenAddress(
            f"an address of {url.host!r} carries a user name", hint="Leave out what is before the @"
        )
    return url.copy_with(fragment=None)


def _redirected(url: httpx2.URL, response: httpx2.Response) -> httpx2.URL:
    import httpx2

    location = response.headers.get("Location", "")
    if not location:
        raise FetchError(f"{str(url)!r} redirects to nowhere", hint="Choose another page")
    try:
        return _parsed(str(url.join(location)))
    except (httpx2.InvalidURL, ValueError) as error:
        raise ForbiddenAddress(f"{str(url)!r} redirects to {location[:200]!r}: {error}") from error


def _refused(url: httpx2.URL, status: int) -> FetchError:
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "unknown status"
    hint = _HINTS.get(status, "The site is in trouble; try again later" if status >= 500 else "Choose another page")
    return FetchError(f"{str(url)!r} answered {status} {phrase}", hint=hint)
