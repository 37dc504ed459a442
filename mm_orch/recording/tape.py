"""One run's tape: answers that were recorded are played, what is new is written behind them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mm_orch.errors import StorageError
from mm_orch.protocols import TapeStore
from mm_orch.recording import codec
from mm_orch.records.recorded_call import RecordedCall

# Whoever asks again gets the same answer: it is recorded once, and played as often as it is asked for.
REPEATABLE = frozenset({"info", "count", "embed"})


class Tape:
    """``calls`` are played in their order, for each request by itself; ``tapes`` (unless None) takes what is new.

    ``step`` tells which step is asking. ``trouble`` says why writing ended, empty while it goes on.
    """

    def __init__(
        self,
        run_id: str,
        calls: Sequence[RecordedCall],
        tapes: TapeStore | None = None,
        step: Callable[[], str] = lambda: "",
    ) -> None:
        self._run_id, self._tapes, self._step = run_id, tapes, step
        self._number = max((call.number for call in calls), default=0)
        self._left: defaultdict[tuple[str, str], deque[RecordedCall]] = defaultdict(deque)
        for call in calls:
            self._left[call.seam, call.key].append(call)
        self.trouble = ""

    def play(self, seam: str, key: str) -> RecordedCall | None:
        """The next recorded answer to the request with that key; None when there is none left."""
        left = self._left.get((seam, key))
        if not left:
            return None
        return left[0] if seam in REPEATABLE else left.popleft()

    def known(self, seam: str, key: str) -> RecordedCall | None:
        """The first answer that is left to the request with that key; it can be played again."""
        left = self._left.get((seam, key))
        return left[0] if left else None

    def play_next(self, seam: str) -> RecordedCall | None:
        """The next recorded answer to any request to ``seam``, in the order recorded."""
        first = [left[0] for (name, _), left in self._left.items() if name == seam and left]
        return self.play(seam, min(first, key=lambda call: call.number).key) if first else None

    async def write(self, seam: str, key: str, request: Any, answer: Any, *, failed: bool = False) -> None:
        """Keep a call. It is committed when this returns."""
        await self.write_all(seam, [(key, request, answer)], failed=failed)

    async def write_all(self, seam: str, calls: Iterable[tuple[str, Any, Any]], *, failed: bool = False) -> None:
        """Keep calls that were answered together: their keys, requests and answers.

        A store that fails ends the recording, and ``trouble`` says so: the run goes on.
        """
        new = [self._numbered(seam, *call, failed=failed) for call in calls]
        if seam in REPEATABLE:
            for call in new:
                self._left[seam, call.key].append(call)
        if self._tapes is None or self.trouble:
            return
        try:
            await self._tapes.add_calls(self._run_id, new)
        except StorageError as error:
            self.trouble = str(error)

    def _numbered(self, seam: str, key: str, request: Any, answer: Any, *, failed: bool) -> RecordedCall:
        self._number += 1
        asked, got = codec.plain(request), codec.plain(answer)
        return RecordedCall(self._number, seam, self._step(), key, asked, got, failed)
