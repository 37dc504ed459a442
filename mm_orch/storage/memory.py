"""The stores in memory: for what is not to be kept, and for tests."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from mm_orch.errors import StorageError, UnknownName
from mm_orch.records.query import Query
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.records.session import Ending, Run, Session, StoredMessage
from mm_orch.storage import rules

T = TypeVar("T")


class MemoryStore:
    """A ``Store`` that ends with its process; with ``tape_bytes`` 0 it keeps no tapes. ``clock``: epoch seconds."""

    def __init__(self, tape_bytes: int = 0, clock: Callable[[], float] = time.time) -> None:
        self.tape_bytes, self._clock = tape_bytes, clock
        self._sessions: dict[str, Session] = {}
        self._messages: dict[str, list[StoredMessage]] = {}
        self._runs: dict[str, Run] = {}
        self._calls: dict[str, list[RecordedCall]] = {}

    async def sessions(self) -> list[Session]:
        """All sessions, the one last used first."""
        found = [self._counted(session) for session in reversed(self._sessions.values())]
        return sorted(found, key=lambda session: session.updated, reverse=True)

    async def session(self, session_id: str) -> Session:
        """The session of that id; ``UnknownName`` if there is none."""
        return self._counted(_known("session", session_id, self._sessions))

    async def messages(self, session_id: str) -> list[StoredMessage]:
        """What was said in a session, oldest first; nothing where there is none of that id."""
        return list(self._messages.get(session_id, ()))

    async def delete_session(self, session_id: str) -> None:
        """Delete a session with its messages, runs and tapes; ``UnknownName`` if there is none."""
        _known("session", session_id, self._sessions)
        del self._sessions[session_id], self._messages[session_id]
        for run in [run for run in self._runs.values() if run.session_id == session_id]:
            del self._runs[run.id]
            self._calls.pop(run.id, None)

    async def begin(self, query: Query) -> Run:
        """Store the query's session, made if there is none, its text as a message, and its run."""
        now, session_id = self._clock(), rules.session_name(query.session_id)
        self._sessions.setdefault(session_id, Session(session_id, rules.title(query.text), now, now))
        run = Run(secrets.token_hex(6), session_id, query.text, "", "running", now)
        self._runs[run.id] = run
        self._say(run, StoredMessage("user", query.text, now, run.id))
        return run

    async def reopen(self, run_id: str) -> Run:
        """A run that failed or was interrupted is running again; ``InvalidInput`` for any other."""
        run = await self.run(run_id)
        if run.status not in rules.RESUMABLE:
            raise rules.not_resumable(run)
        said = self._messages[run.session_id]
        said[:] = [message for message in said if (message.role, message.run_id) != ("assistant", run_id)]
        self._runs[run_id] = replace(run, status="running", ended=None)
        return self._runs[run_id]

    async def end(self, run_id: str, ending: Ending) -> None:
        """Store how a run ended, and its answer as the session's last message."""
        run, now = await self.run(run_id), self._clock()
        if ending.answer is not None:
            self._say(run, StoredMessage("assistant", ending.answer, now, run_id))
        document = json.loads(json.dumps(ending.document))
        self._runs[run_id] = replace(
            run,
            status=ending.status,
            workflow=ending.workflow,
            ended=now,
            document=document,
            last_seq=ending.last_seq,
        )

    async def runs(self, limit: int = 50) -> list[Run]:
        """The last ``limit`` runs, newest first."""
        return list(reversed(self._runs.values()))[:limit]

    async def run(self, run_id: str) -> Run:
        """The run of that id; ``UnknownName`` if there is none."""
        return _known("run", run_id, self._runs)

    async def calls(self, run_id: str) -> list[RecordedCall]:
        """A run's calls in order."""
        return list(self._calls.get(run_id, ()))

    async def add_calls(self, run_id: str, calls: Sequence[RecordedCall]) -> None:
        """Keep calls of a run. Raises ``StorageError`` where there is none of that id."""
        if run_id not in self._runs:
            raise StorageError("no_run_for_calls", run=run_id)
        self._calls.setdefault(run_id, []).extend(calls)

    async def forget_failures(self, run_id: str) -> None:
        """Drop the calls that failed, so that they are asked anew."""
        self._calls[run_id] = [call for call in self._calls.get(run_id, ()) if not call.failed]

    async def trim_tapes(self) -> list[str]:
        """Nothing is dropped: memory is given back when the process ends."""
        return []

    def close(self) -> None:
        """Nothing is open."""

    def _counted(self, session: Session) -> Session:
        return replace(session, messages=len(self._messages[session.id]))

    def _say(self, run: Run, message: StoredMessage) -> None:
        self._messages.setdefault(run.session_id, []).append(message)
        self._sessions[run.session_id] = replace(self._sessions[run.session_id], updated=message.created)


def _known(kind: str, name: str, known: dict[str, T]) -> T:
    if name not in known:
        raise UnknownName(kind, name, list(reversed(known)))
    return known[name]
