"""What this machine has: memory and cores, as far as a container lets us use them."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")


def total_bytes() -> int:
    """Memory that processes here may use together, in bytes; 0 where nobody tells."""
    return min(_system_memory()[0], *_limits(_CGROUP))


def available_bytes() -> int:
    """Memory that can be taken now without pushing anything out, in bytes; 0 where nobody tells."""
    return min(_system_memory()[1], *_headrooms(_CGROUP))


def physical_cores() -> int:
    """Cores to compute on: hyper-threads not counted twice, no more than a container's share."""
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    cores = _cores_of_system()
    quota = _quota(_CGROUP)
    return max(1, min(usable, cores or usable, int(quota) if quota else usable))


def _system_memory() -> tuple[int, int]:
    """Total and available."""
    if sys.platform == "linux":
        fields = dict(line.split(":", 1) for line in _text(Path("/proc/meminfo")).splitlines())
        return _kilobytes(fields.get("MemTotal")), _kilobytes(fields.get("MemAvailable"))
    if sys.platform == "win32":
        return _windows_memory()
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    # macOS compresses and purges: what is free at a moment says little, most of it can be had.
    return total, int(total * 0.75)


def _windows_memory() -> tuple[int, int]:
    if sys.platform != "win32":
        return 0, 0
    status = (ctypes.c_uint64 * 8)()
    ctypes.cast(status, ctypes.POINTER(ctypes.c_uint32))[0] = ctypes.sizeof(status)
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status[1]), int(status[2])


def _limits(root: Path) -> list[int]:
    """Memory limits of the control groups that hold us, in bytes."""
    limits = [_number(group / file) for group, file, _, _ in _memory_groups(root)]
    return [limit for limit in limits if limit is not None] or [sys.maxsize]


def _headrooms(root: Path) -> list[int]:
    """What each limit leaves; file pages that can be dropped count as free."""
    rooms = [sys.maxsize]
    for group, limit_file, used_file, droppable in _memory_groups(root):
        limit, used = _number(group / limit_file), _number(group / used_file)
        if limit is not None and used is not None:
            rooms.append(max(0, limit - used + _stat(group / "memory.stat", droppable)))
    return rooms


def _memory_groups(root: Path) -> list[tuple[Path, str, str, str]]:
    """Folder, file of the limit, file of the use, and the droppable part's name: of both versions."""
    second = ("memory.max", "memory.current", "inactive_file")
    first = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
    groups = [(group, *second) for group in _groups(root, "")]
    return groups + [(group, *first) for group in _groups(root / "memory", "memory")]


def _groups(root: Path, controller: str) -> list[Path]:
    """Our control group and those above it, the root last; ``controller`` is empty for version 2."""
    own = root
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        _, names, path = line.split(":", 2)
        if controller in names.split(","):
            own = root / path.lstrip("/")
    return [folder for folder in (own, *own.parents) if folder == root or root in folder.parents]


def _quota(root: Path) -> float | None:
    """How many cores' worth of time the tightest control group gives."""
    shares = []
    for group in _groups(root, ""):
        parts = _text(group / "cpu.max").split()
        if len(parts) == 2 and parts[0].isdigit():
            shares.append(int(parts[0]) / int(parts[1]))
    for group in _groups(root / "cpu", "cpu"):
        quota, period = _number(group / "cpu.cfs_quota_us"), _number(group / "cpu.cfs_period_us")
        if quota and period:
            shares.append(quota / period)
    return min(shares) if shares else None


def _cores_of_system() -> int | None:
    if sys.platform == "linux":
        root = Path("/sys/devices/system/cpu")
        usable = os.sched_getaffinity(0)
        siblings = {_text(root / f"cpu{n}" / "topology" / "thread_siblings_list").strip() or str(n) for n in usable}
        return len(siblings)
    if sys.platform == "darwin":
        names = ("hw.perflevel0.physicalcpu", "hw.physicalcpu")
        counts = [subprocess.run(["sysctl", "-n", name], capture_output=True, text=True).stdout for name in names]
        return next((int(count) for count in counts if count.strip().isdigit()), None)
    # Windows tells threads only, without a longer talk; most of its machines have two a core.
    return max(1, (os.cpu_count() or 2) // 2)


def _stat(file: Path, name: str) -> int:
    for line in _text(file).splitlines():
        key, _, value = line.partition(" ")
        if key == name and value.isdigit():
            return int(value)
    return 0


def _number(file: Path) -> int | None:
    text = _text(file).strip()
    return int(text) if text.isdigit() else None


def _kilobytes(field: str | None) -> int:
    return int(field.split()[0]) * 1024 if field else 0


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
