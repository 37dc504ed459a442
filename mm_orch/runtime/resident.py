"""How much memory a process holds, as the system tells it."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path


def resident_bytes(pid: int) -> int:
    """What process ``pid`` has in memory, file pages among it; 0 where the system does not tell."""
    if sys.platform == "win32":
        return _of_windows(pid)
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8", errors="replace").splitlines()
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)
    done = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, encoding="ascii", check=False)
    return int(done.stdout) * 1024 if done.stdout.strip().isdigit() else 0


def _of_windows(pid: int) -> int:
    if sys.platform != "win32":
        return 0
    kernel = ctypes.windll.kernel32
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.OpenProcess(0x1000, False, pid))
    # PROCESS_MEMORY_COUNTERS: two 32-bit fields, then sizes of which the second is the working set.
    counters = (ctypes.c_size_t * 9)()
    try:
        told = kernel.K32GetProcessMemoryInfo(handle, ctypes.byref(counters), ctypes.sizeof(counters))
        return int(counters[2]) if told else 0
    finally:
        kernel.CloseHandle(handle)
