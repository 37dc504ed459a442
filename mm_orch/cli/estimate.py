"""How long a run will still take, told from what it did so far; nothing where there is nothing to tell it from."""

from __future__ import annotations

import time
from collections.abc import Callable

from mm_orch.language.detection import detect
from mm_orch.records.event import (
    QueryEvent,
    StepDraft,
    StepFinished,
    StepLedger,
    StepProgress,
    StepStarted,
)

_SEEN_S = 0.5  # of writing: less tells no speed
_CHARACTERS = {"en": 4.0, "zh": 1.4}  # of a token, roughly, while the model has not told its count


class Estimate:
    """Follows one run. ``tokens_left`` are those of the context that nothing claims, None before they are counted.

    ``clock`` gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._speed = 0.0
        self._most = 0
        self._counted: StepProgress | None = None
        self._written, self._first = "", 0.0
        self.tokens_left: int | None = None

    def tell(self, event: QueryEvent) -> None:
        """Take in what happened."""
        if isinstance(event, StepStarted):
            self._started, self._counted, self._written = self._clock(), None, ""
        elif isinstance(event, StepProgress):
            self._counted = event
        elif isinstance(event, StepLedger):
            self.tokens_left = event.ledger.left
            self._most = sum(e.tokens for e in event.ledger.entries if e.kind == "answer" and e.used)
        elif isinstance(event, StepFinished):
            self._speed = event.tokens_per_second or self._speed
        elif isinstance(event, StepDraft):
            self._first = self._first if self._written else self._clock()
            self._written += event.text

    def left(self) -> float | None:
        """Seconds until the things that are counted one by one are done."""
        counted = self._counted
        if counted is None or not 0 < counted.done < counted.total:
            return None
        return (self._clock() - self._started) / counted.done * (counted.total - counted.done)

    def at_most(self) -> float | None:
        """Seconds until the answer has used up its tokens, once it is being written."""
        if not self._written or not self._most:
            return None
        seconds = self._clock() - self._first
        tokens = len(self._written) / _CHARACTERS["zh" if detect(self._written) == "zh" else "en"]
        speed = self._speed or (tokens / seconds if seconds >= _SEEN_S else 0.0)
        return max(0.0, self._most / speed - seconds) if speed else None


def duration(seconds: float) -> str:
    """Seconds as a person reads them."""
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 100 else f"{round(whole / 60)} min"
