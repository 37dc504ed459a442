"""Plain documents made ready by several processes at once; a few of them here, without any."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mm_orch.corpus.document import Prepared
from mm_orch.corpus.file_source import RawText
from mm_orch.corpus.preparer import prepare_text
from mm_orch.errors import FetchError

GROUP = 32  # documents that are sent to a process together; fewer are not worth one
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


class Preparing:
    """Starts up to ``processes`` (default: one a CPU, 4 at most) when they are needed; ``close`` ends them."""

    def __init__(self, processes: int | None = None) -> None:
        self._most = processes or min(4, os.cpu_count() or 1)
        self._idle: list[subprocess.Popen[bytes]] = []
        self._started: list[subprocess.Popen[bytes]] = []
        self._free = asyncio.Semaphore(self._most)

    async def prepare(self, texts: Sequence[RawText]) -> list[Prepared | FetchError]:
        """The documents in ``texts``, in order, or why each of them is none."""
        if len(texts) < GROUP:
            return [prepare_text(raw) for raw in texts]
        async with self._free:
            process = self._idle.pop() if self._idle else self._start()
            answer = await asyncio.get_running_loop().run_in_executor(None, _ask, process, list(texts))
            if answer is None:
                process.kill()
                return [FetchError("the process that prepares it came to an end") for _ in texts]
            self._idle.append(process)
            return answer

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are running."""
        return tuple(process.pid for process in self._started if process.poll() is None)

    def close(self) -> None:
        """End the processes."""
        for process in self._started:
            process.kill()
            process.wait(timeout=5)
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    assert pipe
                    pipe.close()
        self._started, self._idle = [], []

    def _start(self) -> subprocess.Popen[bytes]:
        # -P: a file in the current folder must not be able to stand in for a module.
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "mm_orch.corpus.preparer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": _python_path()},
            **_own_group(),
        )
        self._started.append(process)
        return process


def _ask(process: subprocess.Popen[bytes], texts: list[RawText]) -> list[Prepared | FetchError] | None:
    """What the process makes of ``texts``; None when it is gone."""
    assert process.stdin
    assert process.stdout
    try:
        pickle.dump(texts, process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()
        answer: list[Prepared | FetchError] = pickle.load(process.stdout)
    except (EOFError, OSError, ValueError, pickle.UnpicklingError):
        return None
    return answer


def _python_path() -> str:
    inherited = os.environ.get("PYTHONPATH")
    return os.pathsep.join([str(_PACKAGE_ROOT), *([inherited] if inherited else [])])


def _own_group() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"process_group": 0}
