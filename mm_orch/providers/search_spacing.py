"""When a provider may be asked again: requests spaced out, and none while it asked to wait."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

from mm_orch.errors import RateLimited
from mm_orch.protocols import SearchProvider
from mm_orch.records.search import SearchAnswer, SearchQuery

_UNSAID_S = 60.0  # how long a provider is left alone that asked to wait and did not say how long
_LONGEST_S = 31 * 86_400.0


class Turns:
    """One provider's turns, for all threads and event loops of this process. ``clock`` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._free_at = 0.0
        self._rests_until = 0.0

    async def wait(self, spacing_s: float) -> None:
        """Return when it is this caller's turn, at least ``spacing_s`` seconds after the turn before."""
        with self._lock:
            now = self._clock()
            start = max(now, self._free_at)
            self._free_at = start + spacing_s
        try:
            await asyncio.sleep(start - now)
        except asyncio.CancelledError:
            self._give_back(start, spacing_s)
            raise

    def rest(self, seconds: float | None) -> None:
        """Ask no more for ``seconds``; None is for a provider that did not say how long."""
        wanted = _UNSAID_S if seconds is None else min(max(seconds, 0.0), _LONGEST_S)
        with self._lock:
            self._rests_until = max(self._rests_until, self._clock() + wanted)

    @property
    def rest_left_s(self) -> float:
        """Seconds until the provider may be asked again; 0 when it may."""
        return max(0.0, self._rests_until - self._clock())

    def _give_back(self, start: float, spacing_s: float) -> None:
        with self._lock:
            if self._free_at == start + spacing_s:  # nobody has queued up behind
                self._free_at = start


class SpacedSearch:
    """A ``SearchProvider`` that asks another no more often than it may be asked."""

    def __init__(self, provider: SearchProvider, spacing_s: float, turns: Turns | None = None) -> None:
        """Requests are at least ``spacing_s`` seconds apart. ``turns`` None shares those of the provider's name."""
        self._provider = provider
        self._spacing_s = spacing_s
        self._turns = turns or _turns_of(provider.name)

    @property
    def name(self) -> str:
        """The other provider's."""
        return self._provider.name

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """The provider's answer. Waiting for a turn does not count against its time.

        Raises what the provider raises. ``RateLimited`` passes it over for the time that it asked for.
        """
        if not query.text.strip():
            return SearchAnswer((), self.name)
        self._check_rest()
        await self._turns.wait(self._spacing_s)
        self._check_rest()
        try:
            return await self._provider.search(query)
        except RateLimited as error:
            self._turns.rest(error.wait_s)
            raise

    def _check_rest(self) -> None:
        left = self._turns.rest_left_s
        if left > 0:
            hint = "Wait that long, or name another provider with --search"
            message = f"{self.name} asked to wait and is not asked for another {duration(left)}"
            raise RateLimited(message, hint=hint, wait_s=left)


def duration(seconds: float) -> str:
    """``seconds`` as a person says it: ``40 s``, ``5 min``, ``3 h``, ``2 days``."""
    if seconds < 100:
        return f"{max(1, round(seconds))} s"
    if seconds < 100 * 60:
        return f"{round(seconds / 60)} min"
    if seconds < 48 * 3600:
        return f"{round(seconds / 3600)} h"
    return f"{round(seconds / 86_400)} days"


_shared: dict[str, Turns] = {}
_shared_lock = threading.Lock()


def _turns_of(name: str) -> Turns:
    with _shared_lock:
        return _shared.setdefault(name, Turns())
