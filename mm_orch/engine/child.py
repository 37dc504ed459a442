"""A child process and its pipes: spawned in a group of its own, its last words kept, ended for certain."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import IO, Any

_PACKAGE_ROOT = Path(__file__).resolve().parents[2]
_LOG_LINES = 40
_SPINS = "20000"


class Child:
    """``python -m mm_orch.engine.worker`` with frames on stdin and stdout. Any thread may send."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        # -P: the current folder must not be able to stand in for a module.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "mm_orch.engine.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            **_own_group(),
        )
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self._input: IO[bytes] = self._process.stdin
        self.output: IO[bytes] = self._process.stdout
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        self._sending = threading.Lock()
        self._listener = threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True)
        self._listener.start()

    @property
    def is_ours(self) -> bool:
        """False in a process that was forked from the one that started it: to end it is not ours there."""
        return os.getpid() == self._owner

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def send(self, frame: bytes) -> None:
        """Write one encoded frame; raises ``OSError`` when the child is gone."""
        with self._sending:
            try:
                self._input.write(frame)
                self._input.flush()
            except ValueError as error:
                raise BrokenPipeError("the pipe is closed") from error

    def last_words(self) -> str:
        """How it ended and the last lines of its log, in one line each, once it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
        self._listener.join(timeout=2)
        return "\n".join([_describe(self._process.returncode), *self._log])

    def kill(self) -> None:
        """End it at once, whatever it is doing, and collect it."""
        if not self.is_ours:
            return
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)

    def close(self) -> None:
        """Let it see the end of its pipe; kill it if it does not go within a moment."""
        if not self.is_ours:
            return
        if not self._sending.acquire(timeout=0.5):
            # Somebody is still writing to a child that does not read: only its death lets go of the pipe.
            self._process.kill()
            self._sending.acquire()
        with contextlib.suppress(OSError, ValueError):
            self._input.close()
        self._sending.release()
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.kill()
        self._listener.join(timeout=2)

    def _listen(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                text = line.decode("utf-8", "replace").rstrip()
                if text:
                    self._log.append(text)


def _environment() -> dict[str, str]:
    path = os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(_PACKAGE_ROOT), *([path] if path else [])]),
        "PYTHONUTF8": "1",
        # Else ggml attaches a debugger to itself when it aborts.
        "GGML_NO_BACKTRACE": "1",
        # OpenMP's threads wait for each other spinning, hundreds of times a token. Beside other busy programs that
        # made a token cost ten times as much; a short spin, then sleep, does not.
        "GOMP_SPINCOUNT": os.environ.get("GOMP_SPINCOUNT", _SPINS),
    }


def _own_group() -> dict[str, Any]:
    """A group of its own, so that the user's Ctrl-C does not reach it."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def _describe(code: int | None) -> str:
    if code is None:
        return "it did not end"
    return f"it was ended by signal {-code}" if code < 0 else f"it ended with exit code {code}"
