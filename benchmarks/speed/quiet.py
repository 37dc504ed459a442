"""Whether other programs use the machine while something is measured. Linux tells; elsewhere nobody is seen."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
# Of all cores together; less is the system's own housekeeping.
NOTICEABLE = 0.06


class Watch:
    """From its making on: which share (0..1) of all cores' time went to programs that are not ours."""

    def __init__(self) -> None:
        self._started, self._busy, self._own = time.monotonic(), _busy_seconds(), _own_seconds()

    def others(self) -> float:
        spent = (time.monotonic() - self._started) * (os.cpu_count() or 1)
        foreign = (_busy_seconds() - self._busy) - (_own_seconds() - self._own)
        return max(0.0, foreign / spent) if spent else 0.0


def wait(deadline: float) -> None:
    """Return once others leave the machine alone, at ``deadline`` (of ``time.monotonic``) in any case."""
    while time.monotonic() < deadline:
        watch = Watch()
        time.sleep(0.3)
        if watch.others() < NOTICEABLE:
            return


def _busy_seconds() -> float:
    """Time in which some core worked, since the system's start."""
    try:
        fields = (_PROC / "stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    except OSError:
        return 0.0
    user, nice, system, _idle, _iowait, irq, softirq, steal = (int(field) for field in fields[:8])
    return (user + nice + system + irq + softirq + steal) / _TICKS


def _own_seconds() -> float:
    """What this process and all its descendants have used, those that ended and were collected among them."""
    parents: dict[int, int] = {}
    used: dict[int, int] = {}
    for pid, fields in _processes():
        parents[pid] = int(fields[1])
        used[pid] = sum(int(field) for field in fields[11:15])
    return sum(ticks for pid, ticks in used.items() if _descends(pid, parents)) / _TICKS


def _processes() -> Iterator[tuple[int, list[str]]]:
    """Each process's fields of its ``stat`` file from the state on."""
    if not (_PROC / "stat").exists():
        return
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                text = (entry / "stat").read_text(encoding="utf-8", errors="replace")
                yield int(entry.name), text.rpartition(")")[2].split()


def _descends(pid: int, parents: dict[int, int]) -> bool:
    own = os.getpid()
    while pid > 1:
        if pid == own:
            return True
        pid = parents.get(pid, 0)
    return False
