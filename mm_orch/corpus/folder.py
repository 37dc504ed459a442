"""The files below a folder that may be documents."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Besides hidden ones: of version control, and filled by programs.
_LEFT_OUT = {"CVS", "RCS", "SCCS", "_darcs", "_MTN", "node_modules", "__pycache__"}
_HIDDEN = getattr(stat, "FILE_ATTRIBUTE_HIDDEN", 0)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A folder or a link that could not be looked into, and why."""

    path: Path
    reason: str


def files(root: Path) -> Iterator[Path | Unreadable]:
    """The files below the folder ``root`` by name, without hidden ones and without folders of version control.

    Links are followed where they lead out of ``root``; no folder is entered twice. ``root`` is a real path.
    """
    entered: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            status = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield Unreadable(folder, reason(error))
            continue
        if (status.st_dev, status.st_ino) in entered:
            continue
        entered.add((status.st_dev, status.st_ino))
        folders: list[Path] = []
        for entry in entries:
            if _is_wanted(entry, root):
                yield from _sorted_out(entry, folders)
        waiting.extend(reversed(folders))


def reason(error: OSError) -> str:
    """What the system said, in its words."""
    return error.strerror or str(error)


def _sorted_out(entry: os.DirEntry[str], folders: list[Path]) -> Iterator[Path | Unreadable]:
    path = Path(entry.path)
    try:
        if entry.is_dir():
            folders.append(path)
        elif entry.is_file():
            yield path
        elif entry.is_symlink():
            entry.stat()
    except OSError as error:
        yield Unreadable(path, reason(error))


def _is_wanted(entry: os.DirEntry[str], root: Path) -> bool:
    if entry.name.startswith(".") or entry.name in _LEFT_OUT:
        return False
    if entry.is_symlink():
        # What lies below the folder itself is found there.
        return not Path(os.path.realpath(entry.path)).is_relative_to(root)
    attributes = (
        getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0) if _HIDDEN and os.name == "nt" else 0
    )
    return not attributes & _HIDDEN
