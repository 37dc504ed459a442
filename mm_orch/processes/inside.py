"""The child's own side: pipes kept for frames, Ctrl-C left to the parent, an end when the parent is gone."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from mm_orch.processes import frames
from mm_orch.processes.frames import Head


class Parent:
    """The process that started this one. Made once, before anything prints or reads."""

    def __init__(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what becomes of the work
        self._source, self._target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)  # whatever a library prints must not get between the frames
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)

    def listen(self, take: Callable[[Head, bytes], object]) -> None:
        """Give each message to ``take``, on another thread; the end of the pipe ends the process in mid-work."""
        threading.Thread(target=self._pass_on, args=(take,), name="pipe", daemon=True).start()

    def tell(self, head: Mapping[str, Any], body: bytes = b"") -> None:
        """Send one message; where nobody is left to read it, the process ends."""
        try:
            frames.write(self._target, frames.encode(head, body))
        except OSError:
            os._exit(0)

    def serve(self, answer: Callable[[Head, bytes], tuple[Head, bytes]]) -> None:
        """Answer one message after the other until the parent is gone; never returns."""
        requests: queue.SimpleQueue[tuple[Head, bytes]] = queue.SimpleQueue()
        self.listen(lambda head, body: requests.put((head, body)))
        while True:
            self.tell(*answer(*requests.get()))

    def leave(self) -> None:
        """End this process; a return would wait for the thread that reads the pipe."""
        sys.stderr.flush()
        os._exit(0)

    def _pass_on(self, take: Callable[[Head, bytes], object]) -> None:
        for head, body in frames.until_end(self._source):
            take(head, body)
        os._exit(0)
