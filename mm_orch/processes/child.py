"""A child process and its pipes: started in a group of its own, asked, its last words kept, ended for certain."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from mm_orch.processes import frames
from mm_orch.processes.frames import Frame, Head

_PACKAGE_ROOT = Path(__file__).resolve().parents[2]
_LOG_LINES = 40
# subprocess.CREATE_NEW_PROCESS_GROUP and CREATE_NO_WINDOW, which exist on Windows alone.
_WINDOWS_FLAGS = 0x0000_0200 | 0x0800_0000


class Child:
    """``python -m MODULE`` with frames on stdin and stdout (``inside.Parent``). Any thread may send and kill."""

    def __init__(self, module: str, environment: Mapping[str, str] | None = None) -> None:
        """Start it; ``environment`` is set there beside what this process has. Raises ``OSError``."""
        self._owner = os.getpid()
        # -P: a file in the current folder must not be able to stand in for a module.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": _python_path(), "PYTHONUTF8": "1", **(environment or {})},
            **own_group(),
        )
        assert self._process.stdin
        assert self._process.stdout
        self._input: IO[bytes] = self._process.stdin
        self._output: IO[bytes] = self._process.stdout
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        self._sending = threading.Lock()
        self._killed = False
        self._listener = threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True)
        self._listener.start()

    @property
    def is_ours(self) -> bool:
        """False in a process that was forked from the one that started it: to end it is not ours there."""
        return os.getpid() == self._owner

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it lives and was not told to end."""
        return not self._killed and self._process.poll() is None

    def send(self, frame: Frame) -> None:
        """Write one encoded frame; raises ``OSError`` when the child is gone."""
        with self._sending:
            try:
                frames.write(self._input, frame)
            except ValueError as error:
                raise BrokenPipeError("the pipe is closed") from error

    def answers(self) -> Iterator[tuple[Head, bytes]]:
        """All that it sends, until it ends."""
        return frames.until_end(self._output)

    def ask(
        self, head: Mapping[str, Any], body: bytes = b"", limit_s: float = threading.TIMEOUT_MAX
    ) -> tuple[Head, bytes]:
        """Send one message and wait for the next one that comes back; blocks.

        Raises an ``OSError`` and ends the child: ``TimeoutError`` after ``limit_s`` seconds,
        ``ConnectionAbortedError`` when it was killed meanwhile, ``BrokenPipeError`` when it died by itself.
        """
        frame, overrun = frames.encode(head, body), threading.Event()

        def end_overtime() -> None:
            overrun.set()
            self.kill()

        deadline = threading.Timer(limit_s, end_overtime)
        deadline.daemon = True
        deadline.start()
        try:
            self.send(frame)
            return frames.read(self._output)
        except (EOFError, OSError, ValueError) as error:
            died, words = not self._killed, self.last_words()
            self.kill()
            if overrun.is_set():
                raise TimeoutError(f"no answer in {limit_s:g} s") from error
            raise (BrokenPipeError if died else ConnectionAbortedError)(words) from error
        finally:
            deadline.cancel()

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
        self._killed = True
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)

    def close(self) -> None:
        """Let it see the end of its pipe; kill it if it does not go within a moment. Its answers are over."""
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
        self._output.close()

    def _listen(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                text = line.decode("utf-8", "replace").rstrip()
                if text:
                    self._log.append(text)


def own_group(platform: str = sys.platform) -> dict[str, Any]:
    """What starts a process in a group of its own, so that the user's Ctrl-C does not reach it."""
    return {"creationflags": _WINDOWS_FLAGS} if platform == "win32" else {"start_new_session": True}


def _python_path() -> str:
    inherited = os.environ.get("PYTHONPATH")
    return os.pathsep.join([str(_PACKAGE_ROOT), *([inherited] if inherited else [])])


def _describe(code: int | None) -> str:
    if code is None:
        return "it did not end"
    return f"it was ended by signal {-code}" if code < 0 else f"it ended with exit code {code}"
