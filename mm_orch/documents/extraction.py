"""Documents read in processes that can be ended: a few, started when needed and kept warm."""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections.abc import Iterable

from mm_orch.documents.worker_process import WorkerProcess
from mm_orch.errors import FetchError
from mm_orch.records.page import Page

_LARGE = 8_000_000  # bytes


class ExtractionPool:
    """Serves any number of event loops and threads. Its processes end with it, with ``close``, or with this one."""

    def __init__(self, *, limit_s: float = 10.0, processes: int | None = None) -> None:
        """A page may take ``limit_s`` seconds to read; up to ``processes`` (default: the CPUs, 2 to 4) are kept."""
        self._limit_s = limit_s
        self._most = processes or min(4, max(2, os.cpu_count() or 2))
        self._slots: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]
        self._slots = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._started: set[WorkerProcess] = set()
        self._owner = os.getpid()
        self._finalizer = weakref.finalize(self, _end, self._started)

    async def read(
        self, data: bytes, media_type: str, url: str, charset: str | None, limit_s: float | None = None
    ) -> Page:
        """As ``read_document``, within ``limit_s`` seconds (default: the pool's). Being cancelled ends the process.

        Raises ``FetchError`` also for a document that takes longer than that or makes its reader crash.
        """
        limit_s = self._limit_s if limit_s is None else limit_s
        loop = asyncio.get_running_loop()
        async with self._slots.setdefault(loop, asyncio.Semaphore(self._most)):
            worker = self._take()
            try:
                reading = loop.run_in_executor(None, worker.read, data, media_type, url, charset, limit_s)
                return await reading
            except asyncio.CancelledError:
                worker.kill()
                raise
            finally:
                self._give_back(worker, keep=len(data) < _LARGE)

    def warm(self) -> None:
        """Start all processes that are not running, so that they are ready when several pages arrive at once."""
        with self._lock:
            self._forget_if_forked()
            self._started -= {worker for worker in self._started if not worker.is_running}
            while len(self._started) < self._most:
                self._idle.append(self._start())

    def close(self) -> None:
        """End all processes; the next page starts new ones."""
        with self._lock:
            self._forget_if_forked()
            self._idle.clear()
            ended = list(self._started)
            self._started.clear()
        _end(ended)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are running."""
        return tuple(worker.pid for worker in list(self._started) if worker.is_running)

    def _take(self) -> WorkerProcess:
        with self._lock:
            self._forget_if_forked()
            while self._idle:
                worker = self._idle.pop()
                if worker.is_running:
                    return worker
                self._started.discard(worker)
            return self._start()

    def _start(self) -> WorkerProcess:
        try:
            worker = WorkerProcess()
        except OSError as error:
            raise FetchError(f"the process that reads pages cannot be started: {error}") from error
        self._started.add(worker)
        return worker

    def _give_back(self, worker: WorkerProcess, *, keep: bool) -> None:
        """Put it among the idle ones; one that read a large document is ended, for its memory would stay taken."""
        with self._lock:
            if keep and worker in self._started and worker.is_running and len(self._idle) < self._most:
                self._idle.append(worker)
                return
            self._started.discard(worker)
        worker.close()

    def _forget_if_forked(self) -> None:
        """A forked process must not share its parent's pipes."""
        if self._owner != os.getpid():
            self._owner = os.getpid()
            self._idle.clear()
            self._started.clear()


def _end(workers: Iterable[WorkerProcess]) -> None:
    for worker in list(workers):
        worker.close()
