"""robots.txt (RFC 9309): read once a host under the rules of every page, kept for a day, and obeyed."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mm_orch.errors import FetchError, ForbiddenAddress
from mm_orch.providers.http_body import read_body
from mm_orch.providers.http_get import HttpGet
from mm_orch.providers.http_url import REDIRECTS, origin, parsed, redirected
from mm_orch.providers.page_cache import CachedPage, PageCache
from mm_orch.records.page import Page

if TYPE_CHECKING:
    import httpx2
    from protego import Protego

AGENT = "MuAI"
MAX_BYTES = 500 * 1024  # what RFC 9309 2.5 asks for at least
_REDIRECTS = 5
_WITHIN_S = 5.0
_KEPT_S = 86_400.0
_TRIED_AGAIN_S = 60.0  # after which an unreachable one is asked for again
_MOST = 500
_AGENT_LINE = re.compile(r"^[ \t]*user[- ]?agent[ \t]*:?[ \t]*([^\r\n#]*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Rules:
    """``trouble`` says why there are none to be had; nothing may then be read."""

    rules: Protego | None
    until: float
    trouble: str = ""


class Robots:
    """Knows for each host what it lets programs read. Serves any event loop."""

    def __init__(
        self, get: HttpGet, cache: PageCache | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._get, self._cache, self._clock = get, cache, clock
        self._known: dict[str, _Rules] = {}
        self._asking: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Task[_Rules]]]
        self._asking = WeakKeyDictionary()

    async def check(self, url: httpx2.URL) -> None:
        """Raise ``FetchError`` for a page that its host asks programs not to read."""
        found = await self._rules(origin(url))
        if found.trouble:
            hint = (
                "Rules that cannot be read forbid everything: try again later, or name the address in the question"
            )
            raise FetchError(f"{str(url)!r} was not read: the robots.txt of its host {found.trouble}", hint=hint)
        if found.rules is not None and not found.rules.can_fetch(str(url), AGENT):
            hint = "Open it yourself, name the address in the question, or set fetch.robots: false"
            raise FetchError(f"{str(url)!r} is not for programs: the robots.txt of its host forbids it", hint=hint)

    async def _rules(self, host: str) -> _Rules:
        known = self._known.get(host)
        if known is not None and known.until > self._clock():
            return known
        asking = self._asking.setdefault(asyncio.get_running_loop(), {})
        if host not in asking:
            asking[host] = asyncio.create_task(self._ask(host))
            asking[host].add_done_callback(lambda _: asking.pop(host, None))
        # Shielded: a page that is given up must not take the rules from the others that wait for them.
        return await asyncio.shield(asking[host])

    async def _ask(self, host: str) -> _Rules:
        stored = await asyncio.to_thread(self._stored, host)
        if stored is not None:
            return self._keep(host, stored)
        try:
            async with asyncio.timeout(_WITHIN_S):
                text = await self._read(host)
        except TimeoutError:
            return self._keep(host, _Rules(None, self._clock() + _TRIED_AGAIN_S, "did not come in time"))
        except _Unreachable as error:
            return self._keep(host, _Rules(None, self._clock() + _TRIED_AGAIN_S, str(error)))
        until = self._clock() + _KEPT_S
        await asyncio.to_thread(self._store, host, text, until)
        return self._keep(host, await asyncio.to_thread(_parse, text, until))

    def _stored(self, host: str) -> _Rules | None:
        found = self._cache.get(_key(host)) if self._cache else None
        return _parse(found.page.text, found.fresh_until) if found and found.fresh_until > self._clock() else None

    def _store(self, host: str, text: str, until: float) -> None:
        if self._cache:
            page = Page(f"{host}/robots.txt", "", text, "text/plain")
            self._cache.put(_key(host), CachedPage(page, self._clock(), until))

    async def _read(self, host: str) -> str:
        """The text; empty where there is none. Raises ``_Unreachable``, and ``ForbiddenAddress`` for the host."""
        url = parsed(f"{host}/robots.txt")
        for step in range(_REDIRECTS + 1):
            try:
                async with self._get.open(url) as response:
                    if response.status_code not in REDIRECTS:
                        return await _text(url, response)
                    url = redirected(url, response)
            except ForbiddenAddress:
                if step == 0:
                    raise
                raise _Unreachable("redirects to an address that is not read") from None
            except FetchError as error:
                raise _Unreachable(f"could not be read ({error.message})") from error
        return ""  # RFC 9309 2.3.1.2: after five redirects it may count as not there

    def _keep(self, host: str, found: _Rules) -> _Rules:
        while len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]
        self._known[host] = found
        return found


class _Unreachable(Exception):
    """The rules exist, or may, and cannot be had."""


async def _text(url: httpx2.URL, response: httpx2.Response) -> str:
    if 400 <= response.status_code < 500:
        return ""
    if not response.is_success:
        raise _Unreachable(f"answered {response.status_code}")
    encoding = response.headers.get("Content-Encoding", "")
    body = await read_body(response.aiter_raw(), encoding, MAX_BYTES, str(url))
    return body.at_boundary().decode("utf-8-sig", "replace")


def _key(host: str) -> str:
    return f"robots:{host}"


def _parse(text: str, until: float) -> _Rules:
    if not text.strip():
        return _Rules(None, until)
    from protego import Protego

    lines = "\n".join(text.splitlines())
    return _Rules(Protego.parse(_AGENT_LINE.sub(_ours_or_other, lines)), until)


def _ours_or_other(line: re.Match[str]) -> str:
    """Groups of other programs under one name: thousands of names and rules in one group would multiply."""
    name = line[1].strip().lower()
    if name == "*":
        return "User-agent: *"
    return f"User-agent: {AGENT if name.partition('/')[0].strip() == AGENT.lower() else 'other'}"
