import asyncio
import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from mm_orch.errors import WorkflowError
from mm_orch.workflows import background


class Endless:
    """Counts until it is stopped; ``stopped`` is set by its own cleaning up."""

    def __init__(self) -> None:
        self.stopped = threading.Event()

    async def items(self) -> AsyncIterator[int]:
        number = 0
        try:
            while True:
                await asyncio.sleep(0)
                yield number
                number += 1
        finally:
            await asyncio.sleep(0.01)
            self.stopped.set()


async def thread_name() -> str:
    return threading.current_thread().name


def test_all_work_runs_in_one_daemon_thread() -> None:
    assert background.run(thread_name()) == background.run(thread_name()) == "muai-workflows"
    assert [thread.daemon for thread in threading.enumerate() if thread.name == "muai-workflows"] == [True]


async def test_waiting_works_inside_a_running_loop() -> None:
    assert background.run(thread_name()) == "muai-workflows"
    assert await background.arun(thread_name()) == "muai-workflows"


def test_an_error_comes_out_as_it_is() -> None:
    async def fail() -> None:
        raise WorkflowError("it failed")

    with pytest.raises(WorkflowError, match="it failed"):
        background.run(fail())


def test_closing_an_iterator_waits_until_the_work_has_cleaned_up() -> None:
    work = Endless()
    items = background.iterate(work.items())
    assert next(items) == 0
    items.close()  # type: ignore[attr-defined]
    assert work.stopped.is_set()


def test_an_error_in_the_items_comes_after_those_before_it() -> None:
    async def items() -> AsyncIterator[int]:
        yield 1
        raise WorkflowError("no more")

    seen: list[int] = []
    with pytest.raises(WorkflowError, match="no more"):
        seen.extend(background.iterate(items()))
    assert seen in ([1], [])


async def test_items_reach_another_loop_and_leaving_stops_the_work() -> None:
    work = Endless()
    async with contextlib.aclosing(background.aiterate(work.items())) as items:  # type: ignore[type-var]
        async for item in items:
            if item == 3:
                break
    assert await asyncio.to_thread(work.stopped.wait, 5)


async def test_cancelling_who_awaits_cancels_the_work() -> None:
    stopped, begun = threading.Event(), threading.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    task = asyncio.create_task(background.arun(work()))
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(stopped.wait, 5)


def test_work_that_would_wait_for_itself_is_refused() -> None:
    async def inner() -> None:
        background.run(thread_name())

    with pytest.raises(WorkflowError, match="waits for itself"):
        background.run(inner())


def _in_child(answers: Any) -> None:
    answers.put(background.run(thread_name()))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_starts_its_own_thread() -> None:
    background.run(thread_name())
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=_in_child, args=(answers,))
    child.start()
    try:
        assert answers.get(timeout=20) == "muai-workflows"
    finally:
        child.join(20)
        child.kill()


_INTERRUPTED = """
import asyncio
from mm_orch.workflows import background

async def work():
    print("begun", flush=True)
    try:
        await asyncio.sleep(60)
    finally:
        print("stopped", flush=True)

try:
    background.run(work())
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
def test_ctrl_c_cancels_the_work_and_waits_for_its_end() -> None:
    child = subprocess.Popen([sys.executable, "-c", _INTERRUPTED], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    assert child.stdout.readline() == "begun\n"
    time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    try:
        out, _ = child.communicate(timeout=20)
    finally:
        child.kill()
    assert out.split() == ["stopped", "interrupted"]
