"""Runs go on whoever follows them; all who do read the same events, from whichever number on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from mm_orch.errors import EngineCrashed, Interrupted, InvalidInput, UnknownName
from mm_orch.orchestrator.live_runs import ENDED_KEPT, LiveRuns
from mm_orch.orchestrator.run_log import RunLog
from mm_orch.recording.recorded_run import Beginning
from mm_orch.records.event import QueryEvent, RunCancelled, RunEvent, RunFailed, RunFinished, RunStarted, StepText
from mm_orch.records.limits import Limits
from mm_orch.records.query import Query
from mm_orch.records.session import Run
from mm_orch.records.workflow_result import WorkflowResult


class Talker:
    """Runs a query by saying its words one by one, each when ``go`` allows one more; ``!`` makes it fail."""

    def __init__(self, allowed: int = 1000) -> None:
        self.go = asyncio.Semaphore(allowed)
        self.seq: dict[str, int] = {}

    async def begin(self, query: Query) -> RunLog:
        """A run of the query."""
        if not query.text:
            raise InvalidInput("the question is empty")
        run_id = f"run{len(self.seq)}"
        self.seq[run_id] = 0
        return self._log(run_id, query.text)

    async def reopen(self, run_id: str) -> RunLog:
        """The run once more, without its mistakes."""
        if run_id not in self.seq:
            raise UnknownName("run", run_id, list(self.seq))
        return self._log(run_id, "again")

    async def events(self, log: RunLog) -> AsyncGenerator[RunEvent, None]:
        """The words of the query, numbered."""
        async for event in self._run(log.run.id, log.run.query):
            yield event

    def _log(self, run_id: str, text: str) -> RunLog:
        run = Run(run_id, "s", text, "", "running", 0.0, last_seq=self.seq[run_id])
        return RunLog(run, Beginning(Query(text), Limits(), ""))

    async def _run(self, run_id: str, text: str) -> AsyncIterator[RunEvent]:
        yield self._told(run_id, RunStarted(run_id, "s"))
        try:
            for word in text.split():
                await self.go.acquire()
                if word == "!":
                    raise EngineCrashed("gone")
                yield self._told(run_id, StepText("answer", word))
        except asyncio.CancelledError:
            yield self._told(run_id, RunCancelled())
            raise
        except EngineCrashed as error:
            yield self._told(run_id, RunFailed(error))
            raise
        yield self._told(run_id, RunFinished(WorkflowResult("w", text, text)))

    def _told(self, run_id: str, event: QueryEvent) -> RunEvent:
        self.seq[run_id] += 1
        return RunEvent(run_id, self.seq[run_id], float(self.seq[run_id]), event)


async def all_of(events: AsyncIterator[RunEvent]) -> list[RunEvent]:
    return [event async for event in events]


async def last_of(live: LiveRuns, run_id: str) -> QueryEvent:
    return (await all_of(live.follow(run_id)))[-1].event


async def test_two_followers_and_one_who_comes_late_read_the_same() -> None:
    talker = Talker(allowed=1)
    live = LiveRuns(talker)
    run_id = await live.start(Query("one two three"))
    early = [asyncio.create_task(all_of(live.follow(run_id))) for _ in range(2)]
    await asyncio.sleep(0)
    talker.go.release()
    talker.go.release()
    first, second = [await task for task in early]
    assert first == second
    assert [event.seq for event in first] == [1, 2, 3, 4, 5]
    assert await all_of(live.follow(run_id, 4)) == first[3:]
    assert await all_of(live.follow(run_id, 99)) == []


async def test_runs_under_way_are_listed_until_they_end() -> None:
    talker = Talker(allowed=0)
    live = LiveRuns(talker)
    runs = [await live.start(Query("hello")) for _ in range(2)]
    assert live.running() == runs
    talker.go.release()
    talker.go.release()
    for run_id in runs:
        await last_of(live, run_id)
    assert live.running() == []


async def test_a_cancelled_run_tells_so_and_has_ended_when_cancel_returns() -> None:
    live = LiveRuns(Talker(allowed=1))
    run_id = await live.start(Query("one two"))
    following = asyncio.create_task(all_of(live.follow(run_id)))
    await asyncio.sleep(0)
    await live.cancel(run_id)
    assert live.running() == []
    assert (await following)[-1].event == RunCancelled()
    await live.cancel(run_id)


async def test_a_run_goes_on_when_its_follower_leaves() -> None:
    talker = Talker(allowed=0)
    live = LiveRuns(talker)
    run_id = await live.start(Query("one"))
    follower = live.follow(run_id)
    await anext(follower)
    await follower.aclose()
    talker.go.release()
    assert isinstance(await last_of(live, run_id), RunFinished)


async def test_what_keeps_a_run_from_beginning_is_raised() -> None:
    live = LiveRuns(Talker())
    with pytest.raises(InvalidInput, match="empty"):
        await live.start(Query(""))
    with pytest.raises(UnknownName):
        await live.resume("nothing")
    with pytest.raises(UnknownName, match="live run"):
        await all_of(live.follow("nothing"))


async def test_a_failed_run_that_is_resumed_counts_on() -> None:
    live = LiveRuns(Talker())
    run_id = await live.start(Query("one !"))
    assert isinstance(await last_of(live, run_id), RunFailed)
    assert await live.resume(run_id) == run_id
    told = await all_of(live.follow(run_id))
    assert [event.seq for event in told] == [1, 2, 3, 4, 5, 6]
    assert isinstance(told[-1].event, RunFinished)


async def test_whoever_asks_and_follows_gets_the_error_after_its_event() -> None:
    live = LiveRuns(Talker())
    events = live.events(Query("one !"))
    told = [await anext(events) for _ in range(3)]
    assert isinstance(told[-1].event, RunFailed)
    with pytest.raises(EngineCrashed):
        await anext(events)
    again = await all_of(live.events(told[0].run_id))
    assert [event.seq for event in again] == [4, 5, 6]


async def test_closing_what_asks_and_follows_cancels_the_run() -> None:
    live = LiveRuns(Talker(allowed=0))
    events = live.events(Query("one"))
    run_id = (await anext(events)).run_id
    await events.aclose()
    assert live.running() == []
    assert await last_of(live, run_id) == RunCancelled()


async def test_whoever_follows_a_run_that_another_cancels_is_told() -> None:
    live = LiveRuns(Talker(allowed=0))
    events = live.events(Query("one"))
    await live.cancel((await anext(events)).run_id)
    assert (await anext(events)).event == RunCancelled()
    with pytest.raises(Interrupted):
        await anext(events)


async def test_the_oldest_ended_runs_are_forgotten() -> None:
    live = LiveRuns(Talker())
    runs = []
    for _ in range(ENDED_KEPT + 2):
        runs.append(await live.start(Query("one")))
        await last_of(live, runs[-1])
    with pytest.raises(UnknownName):
        await live.cancel(runs[0])
    assert isinstance(await last_of(live, runs[-1]), RunFinished)
