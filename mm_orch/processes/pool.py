"""A few children of one kind: started when needed, kept for the next request, asked from event loops."""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections.abc import Iterable, Mapping
from typing import Any

from mm_orch.processes.child import Child
from mm_orch.processes.frames import Head


class ChildPool:
    """Serves any number of event loops and threads. Its children end with it, with ``close`` and this process."""

    def __init__(self, module: str, most: int) -> None:
        """Up to ``most`` children run ``python -m MODULE``."""
        self._module, self._most = module, most
        self._slots: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]
        self._slots = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._started: set[Child] = set()
        self._owner = os.getpid()
        self._finalizer = weakref.finalize(self, _end, self._started)

    async def ask(
        self, head: Mapping[str, Any], body: bytes = b"", limit_s: float = threading.TIMEOUT_MAX
    ) -> tuple[Head, bytes]:
        """As ``Child.ask``; raises ``OSError`` too where none can be started. Being cancelled ends the child.

        A child whose answer says ``spent`` is ended: what it took for its largest request stays taken.
        """
        loop = asyncio.get_running_loop()
        async with self._slots.setdefault(loop, asyncio.Semaphore(self._most)):
            child, spent = self._take(), True
            try:
                answer = await loop.run_in_executor(None, child.ask, head, body, limit_s)
                spent = bool(answer[0].get("spent"))
                return answer
            finally:
                self._give_back(child, keep=not spent)

    def warm(self) -> None:
        """Start all children that are not running, so that they are ready when several requests come at once."""
        with self._lock:
            self._forget_if_forked()
            self._started -= {child for child in self._started if not child.is_running}
            while len(self._started) < self._most:
                self._idle.append(self._start())

    def close(self) -> None:
        """End all children and give up what they are doing; the next request starts new ones."""
        with self._lock:
            self._forget_if_forked()
            self._idle.clear()
            ended = list(self._started)
            self._started.clear()
        _end(ended)

    @property
    def pids(self) -> tuple[int, ...]:
        """The children that are running."""
        return tuple(child.pid for child in list(self._started) if child.is_running)

    def _take(self) -> Child:
        with self._lock:
            self._forget_if_forked()
            while self._idle:
                child = self._idle.pop()
                if child.is_running:
                    return child
                self._started.discard(child)
            return self._start()

    def _start(self) -> Child:
        child = Child(self._module)
        self._started.add(child)
        return child

    def _give_back(self, child: Child, *, keep: bool) -> None:
        with self._lock:
            if keep and child in self._started and child.is_running and len(self._idle) < self._most:
                self._idle.append(child)
                return
            self._started.discard(child)
        _end([child])

    def _forget_if_forked(self) -> None:
        """A forked process must not share its parent's pipes."""
        if self._owner != os.getpid():
            self._owner = os.getpid()
            self._idle.clear()
            self._started.clear()


def _end(children: Iterable[Child]) -> None:
    """End them in mid-work too; nothing is lost, for they hold nothing."""
    for child in list(children):
        child.kill()
        child.close()
