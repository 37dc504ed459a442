"""Waiting for a child's events, in a thread and in an event loop; whoever stops listening stops the model."""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
from collections.abc import AsyncGenerator, Callable, Generator, Sequence

from mm_orch.engine.supervisor import EngineProcess
from mm_orch.errors import EngineError, MuAIError
from mm_orch.records.generation import GenerationEvent, GenerationRequest, GenerationResult

# On Windows a blocked thread does not notice Ctrl-C: wake up to look, every so many seconds.
_LOOK = 0.2 if os.name == "nt" else None


class Ticket:
    """One request that was sent; iterating gives its events, ``close`` cancels what is left of it."""

    def __init__(self, process: EngineProcess, request: GenerationRequest) -> None:
        self._queue: queue.SimpleQueue[GenerationEvent | MuAIError] = queue.SimpleQueue()
        self._process, self._ended = process, False
        self._number = process.submit(request, self._queue.put)

    def events(self) -> Generator[GenerationEvent]:
        """The events, from any thread, blocking; an error is raised."""
        try:
            while not self._ended:
                event = _next(self._queue)
                self._ended = isinstance(event, (GenerationResult, MuAIError))
                if isinstance(event, MuAIError):
                    raise event
                yield event
        finally:
            self.close()

    def result(self) -> GenerationResult:
        """Wait for the end."""
        for event in self.events():
            if isinstance(event, GenerationResult):
                return event
        raise EngineError("the request was closed before it ended")

    def close(self) -> None:
        """No more events are wanted: the request ends."""
        if not self._ended:
            self._ended = True
            self._process.cancel(self._number)


async def aevents(process: EngineProcess, request: GenerationRequest) -> AsyncGenerator[GenerationEvent]:
    """The events, without blocking the loop; an error is raised, closing or cancelling stops the model."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[GenerationEvent | MuAIError] = asyncio.Queue()
    number, ended = process.submit(request, _into(loop, arrived)), False
    try:
        while not ended:
            event = await arrived.get()
            ended = isinstance(event, (GenerationResult, MuAIError))
            if isinstance(event, MuAIError):
                raise event
            yield event
    finally:
        if not ended:
            process.cancel(number)


async def results(process: EngineProcess, requests: Sequence[GenerationRequest]) -> list[GenerationResult]:
    """All results, in the order of ``requests``; the first error ends the others too."""
    tasks = [asyncio.create_task(_result(process, request)) for request in requests]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def _result(process: EngineProcess, request: GenerationRequest) -> GenerationResult:
    async with contextlib.aclosing(aevents(process, request)) as events:
        async for event in events:
            if isinstance(event, GenerationResult):
                return event
    raise EngineError("the request was closed before it ended")


def _into(
    loop: asyncio.AbstractEventLoop, arrived: asyncio.Queue[GenerationEvent | MuAIError]
) -> Callable[[GenerationEvent | MuAIError], None]:
    def sink(event: GenerationEvent | MuAIError) -> None:
        # A loop that was closed meanwhile has nobody left who listens.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(arrived.put_nowait, event)

    return sink


def _next(arrived: queue.SimpleQueue[GenerationEvent | MuAIError]) -> GenerationEvent | MuAIError:
    while True:
        with contextlib.suppress(queue.Empty):
            return arrived.get(timeout=_LOOK)
