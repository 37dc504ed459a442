"""The runs that are under way in this process, and what each has told so far."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

from mm_orch.errors import Interrupted, UnknownName
from mm_orch.records.event import RunEvent
from mm_orch.records.query import Query

# So that a browser which comes back finds the end of an answer. As many as a long conversation has turns; events
# are mostly the answers' text, so these are a few hundred kilobytes.
ENDED_KEPT = 32


class Runner(Protocol):
    """What begins runs and goes on with them: the orchestrator."""

    def events(self, query: Query) -> AsyncGenerator[RunEvent, None]: ...

    def resume(self, run_id: str) -> AsyncGenerator[RunEvent, None]: ...


class LiveRuns:
    """Starts runs as tasks of their own, which go on whoever follows them. All calls belong to one event loop."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._runs: dict[str, _LiveRun] = {}

    async def start(self, query: Query) -> str:
        """Begin a run; returns its id once it is stored. Raises what keeps it from beginning."""
        return await self._begin(_LiveRun(), self._runner.events(query))

    async def resume(self, run_id: str) -> str:
        """Go on with a run that failed or was interrupted; its events count on."""
        known = self._runs.get(run_id)
        return await self._begin(known if known and known.has_ended else _LiveRun(), self._runner.resume(run_id))

    def running(self) -> list[str]:
        """The ids of the runs under way, in the order in which they began."""
        return [run_id for run_id, run in self._runs.items() if not run.has_ended]

    async def cancel(self, run_id: str) -> None:
        """Stop a run and wait until what it wrote is stored; nothing for one that has ended."""
        await self._known(run_id).stop()

    async def follow(self, run_id: str, first: int = 1) -> AsyncGenerator[RunEvent, None]:
        """The run's events from number ``first`` on, those to come too, to its end. Raises ``UnknownName``."""
        run, at = self._known(run_id), 0
        while True:
            news = run.news
            while at < len(run.told):
                at += 1
                if run.told[at - 1].seq >= first:
                    yield run.told[at - 1]
            if run.has_ended:
                return
            await news.wait()

    async def events(self, what: Query | str) -> AsyncGenerator[RunEvent, None]:
        """Start a query, or resume the run of an id, and follow it to its end; closing the iterator cancels it.

        Raises what ended the run.
        """
        run_id = await (self.start(what) if isinstance(what, Query) else self.resume(what))
        run = self._runs[run_id]
        try:
            async with aclosing(self.follow(run_id, run.first_seq)) as events:
                async for event in events:
                    yield event
            run.raise_error()
        finally:
            await run.stop()

    async def _begin(self, run: _LiveRun, events: AsyncGenerator[RunEvent, None]) -> str:
        run_id = await run.start(events)
        self._runs.pop(run_id, None)
        self._runs[run_id] = run
        for name in [name for name, known in self._runs.items() if known.has_ended][:-ENDED_KEPT]:
            del self._runs[name]
        return run_id

    def _known(self, run_id: str) -> _LiveRun:
        if run_id not in self._runs:
            raise UnknownName("live run", run_id, list(self._runs))
        return self._runs[run_id]


class _LiveRun:
    """The task of one run, and its events; ``news`` is set and replaced whenever there are more."""

    def __init__(self) -> None:
        self.told: list[RunEvent] = []
        self.news = asyncio.Event()
        self.has_ended = True
        self.first_seq = 1
        self._error: Exception | None = None

    async def start(self, events: AsyncGenerator[RunEvent, None]) -> str:
        """Let it go on with ``events``; returns the run's id when the first of them came."""
        before = len(self.told)
        self.has_ended, self._error = False, None
        self._task = asyncio.create_task(self._run(events))
        try:
            while len(self.told) == before and not self.has_ended:
                await self.news.wait()
        except asyncio.CancelledError:
            await self.stop()
            raise
        if len(self.told) == before:
            self.raise_error()
        self.first_seq = self.told[before].seq
        return self.told[before].run_id

    async def stop(self) -> None:
        """Cancel it and wait for its end."""
        if not self.has_ended:
            self._task.cancel()
            await asyncio.wait([self._task])
            self.has_ended = True

    def raise_error(self) -> None:
        """Raise what ended the run unless it came to its end."""
        if self._error is not None:
            raise self._error

    async def _run(self, events: AsyncGenerator[RunEvent, None]) -> None:
        try:
            async with aclosing(events):
                async for event in events:
                    self.told.append(event)
                    self._tell()
        except asyncio.CancelledError:
            self._error = Interrupted("the run was cancelled")
        except Exception as error:
            self._error = error
        self.has_ended = True
        self._tell()

    def _tell(self) -> None:
        self.news.set()
        self.news = asyncio.Event()
