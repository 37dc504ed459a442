"""The runs that are under way in this process, and what each has told so far."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

from mm_orch.errors import Interrupted, UnknownName
from mm_orch.orchestrator.run_log import RunLog
from mm_orch.records.event import RunEvent
from mm_orch.records.query import Query

# So that a browser which comes back finds the end of an answer. As many as a long conversation has turns; events
# are mostly the answers' text, so these are a few hundred kilobytes.
ENDED_KEPT = 32


class Runner(Protocol):
    """What begins runs and goes on with them: the orchestrator."""

    async def begin(self, query: Query) -> RunLog:
        """Store the question; the run's log."""
        ...

    async def reopen(self, run_id: str) -> RunLog:
        """Take up a run that did not end. Raises ``UnknownName``."""
        ...

    def events(self, log: RunLog) -> AsyncGenerator[RunEvent, None]:
        """Run it; the last event tells how it ended."""
        ...


class LiveRuns:
    """Starts runs as tasks of their own, which go on whoever follows them. All calls belong to one event loop."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._runs: dict[str, _LiveRun] = {}

    async def start(self, query: Query) -> str:
        """Begin a run; returns its id once it is stored. Raises what keeps it from beginning."""
        return await self._begin(await self._runner.begin(query))

    async def resume(self, run_id: str) -> str:
        """Go on with a run that failed or was interrupted; its events count on."""
        return await self._begin(await self._runner.reopen(run_id))

    def running(self) -> list[str]:
        """The ids of the runs under way, in the order in which they began."""
        return [run_id for run_id, run in self._runs.items() if not run.task.done()]

    async def cancel(self, run_id: str) -> None:
        """Stop a run and wait until what it wrote is stored; nothing for one that has ended."""
        task = self._known(run_id).task
        task.cancel()
        await asyncio.wait([task])

    async def follow(self, run_id: str, first: int = 1) -> AsyncGenerator[RunEvent, None]:
        """The run's events from number ``first`` on, those to come too, to its end. Raises ``UnknownName``."""
        run, at = self._known(run_id), 0
        while True:
            news = run.news
            while at < len(run.told):
                at += 1
                if run.told[at - 1].seq >= first:
                    yield run.told[at - 1]
            if run.task.done():
                return
            await news.wait()

    async def events(self, what: Query | str) -> AsyncGenerator[RunEvent, None]:
        """Start a query, or resume the run of an id, and follow it to its end; closing the iterator cancels it.

        Raises what ended the run.
        """
        run_id = await (self.start(what) if isinstance(what, Query) else self.resume(what))
        try:
            async with aclosing(self.follow(run_id, self._runs[run_id].first)) as events:
                async for event in events:
                    yield event
            error = self._runs[run_id].error
            if error is not None:
                raise error
        finally:
            await self.cancel(run_id)

    async def _begin(self, log: RunLog) -> str:
        before = self._runs.pop(log.run.id, None)
        told = before.told if before is not None else []
        self._runs[log.run.id] = _LiveRun(self._runner.events(log), told, log.run.last_seq + 1)
        for name in [name for name, run in self._runs.items() if run.task.done()][:-ENDED_KEPT]:
            del self._runs[name]
        await asyncio.sleep(0)  # a task that is cancelled before its first step would store no end
        return log.run.id

    def _known(self, run_id: str) -> _LiveRun:
        if run_id not in self._runs:
            raise UnknownName("live_run", run_id, list(self._runs))
        return self._runs[run_id]


class _LiveRun:
    """A run's task and its events, numbered from ``first``; ``news`` is replaced whenever there is more."""

    def __init__(self, events: AsyncGenerator[RunEvent, None], told: list[RunEvent], first: int) -> None:
        self.told, self.first = told, first
        self.news = asyncio.Event()
        self.error: Exception | None = None
        self.task = asyncio.create_task(self._run(events))

    async def _run(self, events: AsyncGenerator[RunEvent, None]) -> None:
        try:
            async with aclosing(events):
                async for event in events:
                    self.told.append(event)
                    self._tell()
        except asyncio.CancelledError:
            self.error = Interrupted("the run was cancelled")
        except Exception as error:
            self.error = error
        self._tell()

    def _tell(self) -> None:
        self.news.set()
        self.news = asyncio.Event()
