"""A model that is being fetched: what, how large, where to, how far."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from mm_orch.cli import screen
from mm_orch.cli.progress import Progress

if TYPE_CHECKING:
    from mm_orch.runtime.download_progress import DownloadProgress
    from mm_orch.runtime.downloads import Download

_EVERY_S = 5.0


class DownloadsView:
    """Tells ``shown`` of downloads; lines in a log come only every few seconds."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._told_at = 0.0

    def announce(self, download: Download) -> None:
        """Before anything is fetched."""
        names = ", ".join(file.name for file in download.files)
        size = human_size(download.size) if download.size else "size unknown"
        self._shown.close()
        screen.note(f"fetching {names} ({size}) of {download.repo} into {download.folder}")

    def progress(self, progress: DownloadProgress) -> None:
        """While it is fetched."""
        patience = 0.1 if screen.is_terminal(sys.stderr) else _EVERY_S
        now = time.monotonic()
        if now - self._told_at < patience and progress.done != progress.total:
            return
        self._told_at = now
        total = f" of {human_size(progress.total)}" if progress.total else ""
        self._shown.say(f"{progress.name}: {human_size(progress.done)}{total}")


def human_size(size: float) -> str:
    """Bytes as a person reads them, in steps of 1000."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
