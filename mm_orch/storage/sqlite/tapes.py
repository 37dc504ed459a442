"""The ``TapeStore`` on SQLite: texts under their content hash, in as many bytes as the user allows."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Sequence
from typing import Any

from mm_orch.database import Database
from mm_orch.errors import StorageError
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.storage.sqlite.transactions import Stored, reading, writing

_CALLS = (
    "SELECT tapes.number, seam, step, key, asked.content, got.content, failed FROM tapes "
    "LEFT JOIN blobs AS asked ON asked.sha256 = tapes.request JOIN blobs AS got ON got.sha256 = tapes.answer "
    "WHERE run_id = ? ORDER BY tapes.number"
)
_OLDEST = (
    "SELECT id FROM runs WHERE status != 'running' "
    "AND EXISTS (SELECT 1 FROM tapes WHERE run_id = runs.id) ORDER BY created LIMIT 1"
)


class SqliteTapes(Stored):
    """The calls of runs; ``tape_bytes`` is what they may take up, compressed: the oldest tapes go first."""

    def __init__(self, database: Database, tape_bytes: int) -> None:
        super().__init__(database)
        self.tape_bytes = tape_bytes

    @reading
    def calls(self, connection: sqlite3.Connection, run_id: str) -> list[RecordedCall]:
        """A run's calls in order; none where nothing was recorded, or is kept no more."""
        return [_call(row) for row in connection.execute(_CALLS, (run_id,))]

    @writing
    def add_calls(self, connection: sqlite3.Connection, run_id: str, calls: Sequence[RecordedCall]) -> None:
        """Keep calls of a run, all or none."""
        for row in map(_Row, calls):
            connection.executemany("INSERT INTO blobs VALUES (?, ?, ?) ON CONFLICT DO NOTHING", row.blobs)
            connection.execute("INSERT INTO tapes VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (run_id, *row.values))

    @writing
    def forget_failures(self, connection: sqlite3.Connection, run_id: str) -> None:
        """Drop the calls that failed, so that they are asked anew."""
        connection.execute("DELETE FROM tapes WHERE run_id = ? AND failed", (run_id,))

    @writing
    def trim_tapes(self, connection: sqlite3.Connection) -> list[str]:
        """Drop the oldest tapes until all fit; the ids of the runs that lost theirs."""
        dropped: list[str] = []
        while _size(connection) > self.tape_bytes and (oldest := connection.execute(_OLDEST).fetchone()):
            connection.execute("DELETE FROM tapes WHERE run_id = ?", oldest)
            dropped.append(oldest[0])
        return dropped


class _Row:
    """A call as the tables hold it."""

    def __init__(self, call: RecordedCall) -> None:
        self.blobs: list[tuple[str, int, bytes]] = []
        request = None if call.request is None else self._blob(call.request)
        answer = self._blob(call.answer)
        self.values = (call.number, call.seam, call.step, call.key, request, answer, call.failed)

    def _blob(self, value: Any) -> str:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        content = text.encode("utf-8", "surrogatepass")
        packed = zlib.compress(content)
        self.blobs.append((hashlib.sha256(content).hexdigest(), len(packed), packed))
        return self.blobs[-1][0]


def _size(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(sum(size), 0) FROM blobs").fetchone()[0])


def _call(row: tuple[Any, ...]) -> RecordedCall:
    number, seam, step, key, asked, got, failed = row
    request = None if asked is None else _unpacked(asked)
    return RecordedCall(number, seam, step, key, request, _unpacked(got), bool(failed))


def _unpacked(content: bytes) -> Any:
    try:
        return json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    except (zlib.error, ValueError) as error:
        raise StorageError("answer_damaged", error=str(error)) from error
