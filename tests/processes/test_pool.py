"""A pool of children, asked from event loops."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from mm_orch.processes.pool import ChildPool
from tests.processes.alive import comes_true, ends_within

TALKER = "tests.processes.talker"


@pytest.fixture
def pool() -> Iterator[ChildPool]:
    made = ChildPool(TALKER, 2)
    yield made
    made.close()


async def pid_of(pool: ChildPool, **head: object) -> int:
    return int((await pool.ask(head))[0]["pid"])


async def test_many_requests_share_a_few_children(pool: ChildPool) -> None:
    answers = await asyncio.gather(*(pool.ask({"n": n}, b"x" * n) for n in range(20)))
    assert [(head["n"], len(body)) for head, body in answers] == [(n, n) for n in range(20)]
    assert len(pool.pids) == 2


async def test_a_child_is_used_again(pool: ChildPool) -> None:
    pool.warm()
    pool.warm()
    warm = pool.pids
    assert await pid_of(pool) in warm
    assert pool.pids == warm
    assert len(warm) == 2


async def test_a_child_that_says_it_is_spent_is_ended(pool: ChildPool) -> None:
    first = await pid_of(pool, spent=True)
    assert pool.pids == ()
    assert await pid_of(pool) != first


async def test_a_cancelled_request_ends_its_child_and_not_the_others(pool: ChildPool) -> None:
    pool.warm()
    await pid_of(pool)
    before = pool.pids
    slow = asyncio.create_task(pool.ask({"sleep": 60}))
    await asyncio.sleep(0.1)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert len(set(before) - set(pool.pids)) == 1
    assert await pid_of(pool) in before


async def test_a_child_that_dies_is_replaced(pool: ChildPool) -> None:
    with pytest.raises(BrokenPipeError):
        await pool.ask({"exit": 1})
    first = await pid_of(pool)
    os.kill(first, signal.SIGTERM)
    # Not ends_within: the system tells of a child's end only when its last thread is gone, after its main one.
    assert await asyncio.to_thread(comes_true, lambda: first not in pool.pids, 5)
    assert await pid_of(pool) != first


async def test_closing_gives_up_what_is_asked_and_the_pool_starts_anew(pool: ChildPool) -> None:
    await pid_of(pool)
    slow = asyncio.create_task(pool.ask({"sleep": 60}))
    await asyncio.sleep(0.1)
    pool.close()
    with pytest.raises(ConnectionAbortedError):
        await slow
    assert pool.pids == ()
    assert await pid_of(pool)


def test_one_pool_serves_one_event_loop_after_the_other(pool: ChildPool) -> None:
    async def several() -> list[int]:
        return await asyncio.gather(*(pid_of(pool) for _ in range(5)))

    assert len({*asyncio.run(several()), *asyncio.run(several())}) <= 2


def test_a_pool_that_is_dropped_ends_its_children() -> None:
    pool = ChildPool(TALKER, 2)
    pool.warm()
    pids = pool.pids
    del pool
    gc.collect()
    assert [ends_within(pid, 5) for pid in pids] == [True, True]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_starts_its_own_children() -> None:
    script = (
        "import asyncio, os\n"
        "from mm_orch.processes.pool import ChildPool\n"
        f"pool = ChildPool({TALKER!r}, 1)\n"
        "ask = lambda: asyncio.run(pool.ask({}))[0]['pid']\n"
        "first = ask()\n"
        "forked = os.fork()\n"
        "if forked == 0:\n"
        "    other = ask()\n"
        "    pool.close()\n"
        "    os._exit(other == first)\n"
        "assert os.waitpid(forked, 0)[1] == 0\n"
        "print(ask() == first)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False)
    assert ran.stdout == "True\n", ran.stderr
