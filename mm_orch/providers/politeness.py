"""How often a host may be asked: so many pages at a time, and not before the time that it named."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakKeyDictionary

from mm_orch.errors import FetchError
from mm_orch.providers.http_freshness import http_date

_BUSY = (429, 503)
_UNNAMED_S = {429: 30.0}  # "too many requests" without a time
_LONGEST_S = 3600.0
_MOST_HOSTS = 1000


class Politeness:
    """``concurrency`` requests at a time in all, ``per_host`` of them to one host. Serves any event loop."""

    def __init__(self, concurrency: int, per_host: int, clock: Callable[[], float] = time.time) -> None:
        self._concurrency, self._per_host, self._clock = concurrency, per_host, clock
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, _Slots] = WeakKeyDictionary()
        self._not_before: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str, deadline: asyncio.Timeout) -> AsyncIterator[None]:
        """A block in which ``host`` may be asked; waiting for it is not counted against ``deadline``.

        Raises ``FetchError`` for a host that asked not to be asked yet.
        """
        self.check(host)
        slots = self._loops.setdefault(asyncio.get_running_loop(), _Slots(self._concurrency))
        async with AsyncExitStack() as held:
            began, until = asyncio.get_running_loop().time(), deadline.when()
            deadline.reschedule(None)
            await held.enter_async_context(slots.of_host(host, self._per_host))
            await held.enter_async_context(slots.of_all)
            waited = asyncio.get_running_loop().time() - began
            deadline.reschedule(None if until is None else until + waited)
            self.check(host)
            yield

    def check(self, host: str) -> None:
        """Raise ``FetchError`` while ``host`` is not to be asked."""
        left = self._not_before.get(host, 0.0) - self._clock()
        if left > 0:
            message = f"{host!r} was not asked: it wants to be left alone for another {left:.0f} s"
            raise FetchError(message, hint="Try again later, or choose another page")

    def note(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        """Remember what an answer says about asking again."""
        if status not in _BUSY:
            return
        wait = min(_LONGEST_S, self._named(headers.get("Retry-After", "")) or _UNNAMED_S.get(status, 0.0))
        while len(self._not_before) >= _MOST_HOSTS:
            del self._not_before[next(iter(self._not_before))]
        self._not_before[host] = self._clock() + wait

    def _named(self, retry_after: str) -> float:
        text = retry_after.strip()
        if text.isascii() and text.isdecimal():
            return float(text[:12])
        date = http_date(text)
        return max(0.0, date - self._clock()) if date is not None else 0.0


class _Slots:
    """Of one event loop; a host's are forgotten when nobody uses them."""

    def __init__(self, concurrency: int) -> None:
        self.of_all = asyncio.Semaphore(concurrency)
        self._hosts: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def of_host(self, host: str, per_host: int) -> AsyncIterator[None]:
        slot, users = self._hosts.get(host) or (asyncio.Semaphore(per_host), 0)
        self._hosts[host] = (slot, users + 1)
        try:
            async with slot:
                yield
        finally:
            slot, users = self._hosts.pop(host)
            if users > 1:
                self._hosts[host] = (slot, users - 1)
