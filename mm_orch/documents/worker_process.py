"""The parent's side of one reader process: started, asked, ended."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from mm_orch.documents.frames import Head, read_frame, write_frame
from mm_orch.errors import FetchError, UnsupportedMedia
from mm_orch.records.page import Page

_PACKAGE_ROOT = Path(__file__).resolve().parents[2]
_ERRORS: dict[str, type[FetchError]] = {"FetchError": FetchError, "UnsupportedMedia": UnsupportedMedia}


class WorkerProcess:
    """One page at a time. It lives in a group of its own, so Ctrl-C does not reach it, and dies with its parent."""

    def __init__(self) -> None:
        # -P: a file in the current folder must not be able to stand in for a module.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "mm_orch.documents.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            **_own_group(),
        )
        assert self._process.stdin
        assert self._process.stdout
        self._input: IO[bytes] = self._process.stdin
        self._output: IO[bytes] = self._process.stdout
        self._ended = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return not self._ended and self._process.poll() is None

    def read(self, data: bytes, media_type: str, url: str, charset: str | None, limit_s: float) -> Page:
        """As ``read_document``; blocks. Ends the process, and raises ``FetchError``, after ``limit_s`` seconds."""
        overrun = threading.Event()
        overtime = threading.Timer(limit_s, self._end_overtime, (overrun,))
        overtime.daemon = True
        overtime.start()
        try:
            write_frame(self._input, {"media_type": media_type, "url": url, "charset": charset}, data)
            head, text = read_frame(self._output)
        except (EOFError, OSError, ValueError) as error:
            given_up = "was given up" if self._ended else "made its reader crash"
            why = f"took longer than {limit_s:g} s to read" if overrun.is_set() else given_up
            self.kill()
            raise FetchError(f"{url!r} {why}", hint="The page is built oddly; choose another one") from error
        finally:
            overtime.cancel()
        if head.get("spent"):
            self.kill()  # what its largest document took stays taken
        return _page(url, head, text)

    def kill(self) -> None:
        """End the process, whatever it is doing. May be called from any thread."""
        self._ended = True
        self._process.kill()

    def _end_overtime(self, overrun: threading.Event) -> None:
        overrun.set()
        self.kill()

    def close(self) -> None:
        """End the process and collect it; nothing is lost, for it holds nothing."""
        self.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        for pipe in (self._input, self._output):
            with contextlib.suppress(OSError):
                pipe.close()


def _page(url: str, head: Head, text: bytes) -> Page:
    if "error" in head:
        kind = _ERRORS.get(head["error"] or "", FetchError)
        raise kind(head["message"] or "", hint=head["hint"] or "")
    return Page(url, head["title"] or "", text.decode("utf-8"), head["media_type"] or "")


def _environment() -> dict[str, str]:
    inherited = os.environ.get("PYTHONPATH")
    path = [str(_PACKAGE_ROOT), *([inherited] if inherited else [])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def _own_group() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"process_group": 0}
