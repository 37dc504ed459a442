"""A few tasks at a time: whoever starts one more waits for the oldest."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine
from types import TracebackType
from typing import Self


class Window:
    """At most ``size`` tasks run at once; leaving it waits for all, or ends them when an error passes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._running: deque[asyncio.Task[None]] = deque()

    async def start(self, work: Coroutine[object, object, None]) -> None:
        """Begin ``work``. Raises what an earlier task raised."""
        self._running.append(asyncio.create_task(work))
        await self._until(self._size - 1)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._until(0)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _until(self, left: int) -> None:
        while len(self._running) > left:
            await self._running.popleft()
