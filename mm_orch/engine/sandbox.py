"""Running a stranger's program: in a thread of its own, against the clock and in bounded memory."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import TypeVar

from mm_orch.processes import memory_bound

SECONDS = 3.0
_MOST_BYTES = 256 << 20
T = TypeVar("T")


def run(work: Callable[[], T]) -> T:
    """What ``work`` returns or raises.

    Raises ``TimeoutError`` when it takes more than ``SECONDS``, ``MemoryError`` when it takes too much.
    """
    returned: list[T] = []
    raised: list[BaseException] = []

    def attempt() -> None:
        try:
            returned.append(work())
        except (Exception, SystemExit) as error:
            raised.append(error)

    thread = threading.Thread(target=attempt, daemon=True)
    with memory_bound.at_most_more(_MOST_BYTES):
        thread.start()
        thread.join(SECONDS)
        if thread.is_alive():
            _interrupt(thread)
            raise TimeoutError(f"more than {SECONDS:g} s")
    if raised:
        raise raised[0]
    return returned[0]


def _interrupt(thread: threading.Thread) -> None:
    """End a thread at its next step in Python, and wait a moment for it."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit))
    thread.join(SECONDS)
