"""Whether a process is there, for tests that wait for its end."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path


def ends_within(pid: int, seconds: float) -> bool:
    """Whether the process is gone by then."""
    return comes_true(lambda: not is_alive(pid), seconds)


def comes_true(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether ``condition`` holds by then; asked every 20 ms."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_alive(pid: int) -> bool:
    """A zombie that waits for an idle init is as good as gone."""
    if not Path("/proc/self/stat").exists():
        shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return bool(shown.stdout.strip()) and not shown.stdout.startswith("Z")
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
