"""How many threads compute: fewer while other programs need the cores, all of them again when they don't."""

from __future__ import annotations

import time
from collections.abc import Callable

# Less of the cores' time than this for our threads means that others take it.
_CROWDED = 0.8
# Seconds: what a judgement looks back on; when more threads are tried again, first and at last.
_WINDOW, _FIRST_WAIT, _LONGEST_WAIT = 0.25, 1.0, 30.0


class Threads:
    """Follows the share of time that ``most`` threads get, and tells ``change`` how many there should be.

    llama.cpp's threads wait for each other hundreds of times a token. Where one of them has to share its core, all
    wait for it: beside a single busy program two threads on two cores wrote 1 token a second, one thread 60.
    """

    def __init__(
        self,
        most: int,
        change: Callable[[int], None],
        clock: Callable[[], float] = time.monotonic,
        cpu: Callable[[], float] = time.process_time,
    ) -> None:
        self._most, self._change = most, change
        self._clock, self._cpu = clock, cpu
        self._began = self._cpu_began = 0.0
        self._seconds = self._cpu_seconds = 0.0
        self._wait, self._try_at = _FIRST_WAIT, 0.0
        self.count = most

    def begin(self) -> None:
        """A computation starts."""
        self._began, self._cpu_began = self._clock(), self._cpu()

    def end(self) -> None:
        """It is over; the next one may run on another number of threads."""
        self._seconds += self._clock() - self._began
        self._cpu_seconds += self._cpu() - self._cpu_began
        if self._seconds >= _WINDOW:
            self._judge(self._cpu_seconds / self._seconds)
            self._seconds = self._cpu_seconds = 0.0

    def _judge(self, cores: float) -> None:
        now = self._clock()
        if cores < _CROWDED * self.count and self.count > 1:
            self._use(max(1, min(self.count - 1, int(cores))))
            self._try_at = now + self._wait
            self._wait = min(2 * self._wait, _LONGEST_WAIT)
        elif self.count == self._most:
            self._wait = _FIRST_WAIT
        elif now >= self._try_at:
            self._use(self._most)

    def _use(self, count: int) -> None:
        self.count = count
        self._change(count)
