"""Methods that are one transaction each, run in a thread so that the event loop goes on meanwhile."""

from __future__ import annotations

import asyncio
import functools
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Any, Concatenate, ParamSpec, TypeVar

from mm_orch.database import Database

P = ParamSpec("P")
T = TypeVar("T")


class Stored:
    """What has its rows in ``database``."""

    def __init__(self, database: Database) -> None:
        self.database = database


S = TypeVar("S", bound=Stored)
Work = Callable[Concatenate[S, sqlite3.Connection, P], T]
Method = Callable[Concatenate[S, P], Coroutine[Any, Any, T]]


def reading(work: Work[S, P, T]) -> Method[S, P, T]:
    """``work``, which gets a connection and changes nothing, as a method that is awaited."""
    return _awaited(work, Database.read)


def writing(work: Work[S, P, T]) -> Method[S, P, T]:
    """``work`` as a method that is awaited; all that it writes is kept, or nothing."""
    return _awaited(work, Database.write)


def _awaited(
    work: Work[S, P, T], opened: Callable[[Database], AbstractContextManager[sqlite3.Connection]]
) -> Method[S, P, T]:
    @functools.wraps(work)
    async def method(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        def transaction() -> T:
            with opened(self.database) as connection:
                return work(self, connection, *args, **kwargs)

        return await _to_its_end(transaction)

    return method


async def _to_its_end(transaction: Callable[[], T]) -> T:
    """A caller that is cancelled goes on when the transaction has ended: what it stores next comes after it."""
    task = asyncio.create_task(asyncio.to_thread(transaction))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise
