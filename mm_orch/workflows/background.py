"""The event loop that runs graphs: one daemon thread a process, started at first use; a fork starts its own."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import os
import queue
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, Generic, TypeVar

from mm_orch.errors import Interrupted, WorkflowError

T = TypeVar("T")
_END = object()
_PATIENCE_S = 10.0  # for a cancelled run to stop its model
# On Windows a blocked thread does not notice Ctrl-C: wake up to look, every so many seconds.
_LOOK_S = 0.2 if os.name == "nt" else None


class Job(Generic[T]):
    """Work in the background. ``future`` ends when the work has ended, its cleaning up after ``cancel`` too."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self.future: concurrent.futures.Future[T] = concurrent.futures.Future()
        self.future.set_running_or_notify_cancel()
        self._loop = _thread().loop
        self._task: asyncio.Task[T] | None = None
        self._loop.call_soon_threadsafe(self._start, work)

    def cancel(self) -> None:
        """Cancel the work; ``result`` raises what it ends with."""
        self._loop.call_soon_threadsafe(lambda: self._task and self._task.cancel())

    def stop(self) -> None:
        """Cancel, and wait a while for the end."""
        if not self.future.done():
            self.cancel()
            concurrent.futures.wait([self.future], _PATIENCE_S)

    def result(self) -> T:
        """Wait for it."""
        while not self.future.done():
            concurrent.futures.wait([self.future], _LOOK_S)
        return self.future.result()

    def _start(self, work: Coroutine[Any, Any, T]) -> None:
        self._task = self._loop.create_task(work)
        self._task.add_done_callback(self._finish)

    def _finish(self, task: asyncio.Task[T]) -> None:
        error = Interrupted("the run was cancelled") if task.cancelled() else task.exception()
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(task.result())


def run(work: Coroutine[Any, Any, T]) -> T:
    """Wait for ``work``, from any thread, also one with a running event loop; Ctrl-C cancels it.

    Raises ``WorkflowError`` when called from the background itself: it would wait for itself.
    """
    if _is_own_thread():
        work.close()
        raise _waits_for_itself()
    job = Job(work)
    try:
        return job.result()
    finally:
        job.stop()


async def arun(work: Coroutine[Any, Any, T]) -> T:
    """Await ``work`` from any event loop; cancelling the caller cancels it."""
    job = Job(work)
    try:
        return await asyncio.wrap_future(job.future)
    except asyncio.CancelledError:
        job.cancel()
        raise


def iterate(items: AsyncIterator[T]) -> Iterator[T]:
    """The items of an asynchronous iterator, from any thread; closing the iterator, or Ctrl-C, stops the work."""
    if _is_own_thread():
        raise _waits_for_itself()
    arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
    job = Job(_pump(items, arrived.put))
    try:
        while (item := _next(arrived)) is not _END:
            yield item
        job.result()
    finally:
        job.stop()


async def aiterate(items: AsyncIterator[T]) -> AsyncIterator[T]:
    """As ``iterate``, for any event loop."""
    loop, arrived = asyncio.get_running_loop(), asyncio.Queue[Any]()

    def put(item: Any) -> None:
        # A loop that was closed meanwhile has nobody left who listens.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(arrived.put_nowait, item)

    job = Job(_pump(items, put))
    try:
        while (item := await arrived.get()) is not _END:
            yield item
        await asyncio.wrap_future(job.future)
    finally:
        job.cancel()


async def _pump(items: AsyncIterator[Any], put: Callable[[Any], None]) -> None:
    try:
        async for item in items:
            put(item)
    finally:
        if hasattr(items, "aclose"):
            await items.aclose()
        put(_END)


def _next(arrived: queue.SimpleQueue[Any]) -> Any:
    while True:
        with contextlib.suppress(queue.Empty):
            return arrived.get(timeout=_LOOK_S)


class _LoopThread:
    """A loop that runs in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="muai-workflows", daemon=True)
        self.thread.start()


_lock = threading.Lock()
_current: _LoopThread | None = None


def _thread() -> _LoopThread:
    global _current
    with _lock:
        if _current is None:
            _current = _LoopThread()
        return _current


def _is_own_thread() -> bool:
    return _current is not None and threading.current_thread() is _current.thread


def _waits_for_itself() -> WorkflowError:
    return WorkflowError("a workflow waits for itself", hint="Inside a step, await aexecute() instead of execute()")


def _forget() -> None:
    global _lock, _current
    _lock, _current = threading.Lock(), None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
