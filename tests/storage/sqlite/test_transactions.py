"""A transaction leaves the event loop free, and comes to its end before a cancelled caller goes on."""

from __future__ import annotations

import asyncio
import sqlite3
import threading

import pytest

from mm_orch.database import Database
from mm_orch.errors import StorageError
from mm_orch.storage.sqlite.transactions import Stored, reading, writing


class Birds(Stored):
    """Waits in each transaction until ``go`` is set."""

    def __init__(self) -> None:
        super().__init__(Database(None))
        self.began, self.go = threading.Event(), threading.Event()
        with self.database.write() as connection:
            connection.execute("CREATE TABLE birds (name TEXT UNIQUE)")

    @writing
    def add(self, connection: sqlite3.Connection, name: str) -> str:
        """Add a bird."""
        connection.execute("INSERT INTO birds VALUES (?)", (name,))
        self.began.set()
        self.go.wait(5)
        return name

    @reading
    def names(self, connection: sqlite3.Connection) -> list[str]:
        """All birds."""
        return [row[0] for row in connection.execute("SELECT name FROM birds")]


async def test_the_loop_goes_on_while_a_transaction_waits() -> None:
    birds = Birds()
    adding = asyncio.create_task(birds.add("wren"))
    await asyncio.to_thread(birds.began.wait, 5)
    assert not adding.done()
    birds.go.set()
    assert await adding == "wren"
    assert await birds.names() == ["wren"]


async def test_a_cancelled_caller_goes_on_when_the_transaction_has_ended() -> None:
    birds = Birds()
    adding = asyncio.create_task(birds.add("wren"))
    await asyncio.to_thread(birds.began.wait, 5)
    adding.cancel()
    await asyncio.sleep(0)
    assert not adding.done()
    birds.go.set()
    with pytest.raises(asyncio.CancelledError):
        await adding
    assert await birds.names() == ["wren"]


async def test_a_transaction_that_fails_is_undone() -> None:
    birds = Birds()
    birds.go.set()
    await birds.add("wren")
    with pytest.raises(StorageError, match="UNIQUE"):
        await birds.add("wren")
    assert await birds.names() == ["wren"]
    assert birds.add.__doc__ == "Add a bird."
