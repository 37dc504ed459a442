"""One run's tape: answers that were recorded are played, what is new is written behind them."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from mm_orch.errors import StorageError
from mm_orch.protocols import TapeStore
from mm_orch.recording import codec
from mm_orch.records.recorded_call import RecordedCall

# Whatever is asked, the answer is the same again: kept once, and with the next call that cost something.
CHEAP = frozenset({"info", "count", "embed"})


class Tape:
    """``calls`` are played in their order, for each request by itself; ``tapes`` (unless None) takes what is new.

    ``step`` tells which step is asking. ``trouble`` says why writing ended, empty while it goes on.
    """

    def __init__(
        self,
        run_id: str,
        calls: list[RecordedCall],
        tapes: TapeStore | None = None,
        step: Callable[[], str] = lambda: "",
    ) -> None:
        self._run_id, self._tapes, self._step = run_id, tapes, step
        self._number = max((call.number for call in calls), default=0)
        self._waiting: list[RecordedCall] = []
        self._lock = threading.Lock()
        self._left: defaultdict[tuple[str, str], deque[RecordedCall]] = defaultdict(deque)
        for call in calls:
            self._left[call.seam, call.key].append(call)
        self.trouble = ""

    def play(self, seam: str, key: str) -> RecordedCall | None:
        """The next recorded answer to the request with that key; None when there is none left."""
        with self._lock:
            left = self._left.get((seam, key))
            if not left:
                return None
            return left[0] if seam in CHEAP else left.popleft()

    def known(self, seam: str, key: str) -> RecordedCall | None:
        """The first answer that is left to the request with that key; it can be played again."""
        with self._lock:
            left = self._left.get((seam, key))
            return left[0] if left else None

    def play_next(self, seam: str) -> RecordedCall | None:
        """The next recorded answer to any request to ``seam``, in the order recorded."""
        with self._lock:
            first = [left[0] for (name, _), left in self._left.items() if name == seam and left]
        return self.play(seam, min(first, key=lambda call: call.number).key) if first else None

    async def write(self, seam: str, key: str, request: Any, answer: Any, *, failed: bool = False) -> None:
        """Keep a call. What is cheap waits for the next that is not."""
        self.note(seam, key, request, answer, failed=failed)
        if seam not in CHEAP:
            await asyncio.to_thread(self.flush)

    def note(self, seam: str, key: str, request: Any, answer: Any, *, failed: bool = False) -> None:
        """Keep a call with the next ``flush``."""
        with self._lock:
            self._number += 1
            call = RecordedCall(
                self._number, seam, self._step(), key, codec.plain(request), codec.plain(answer), failed
            )
            self._waiting.append(call)
            if seam in CHEAP:
                self._left[seam, key].append(call)

    def flush(self) -> None:
        """Write what waits. A store that fails ends the recording, and ``trouble`` says so: the run goes on."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            if self._tapes is None or self.trouble or not waiting:
                return
            try:
                self._tapes.add(self._run_id, waiting)
            except StorageError as error:
                self.trouble = str(error)


def request_key(request: Any) -> str:
    """The hash under which the answer to ``request`` is found again."""
    return codec.digest(codec.text(request))
