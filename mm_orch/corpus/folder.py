"""The files below a folder that may be documents."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Besides hidden ones: of version control, and filled by programs.
_LEFT_OUT = {"CVS", "RCS", "SCCS", "_darcs", "_MTN", "node_modules", "__pycache__"}
_HIDDEN = stat.FILE_ATTRIBUTE_HIDDEN if os.name == "nt" else 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A folder or a link that could not be looked into, and why."""

    path: Path
    reason: str


def files(root: Path) -> Iterator[Path | Unreadable]:
    """The files below the folder ``root`` by name, without hidden ones and without folders of version control.

    Links are followed where they lead out of ``root``; no folder is entered twice. ``root`` is a real path.
    """
    entered: set[str] = set()
    closed: list[OSError] = []
    for name, folders, names in os.walk(root, onerror=closed.append, followlinks=True):
        folder, real = Path(name), os.path.realpath(name)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(each for each in folders if _is_wanted(folder / each, root))
        yield from _checked(folder / each for each in sorted(names) if _is_wanted(folder / each, root))
    yield from (Unreadable(Path(error.filename), reason(error)) for error in closed)


def reason(error: OSError) -> str:
    """What the system said, in its words."""
    return error.strerror or str(error)


def _checked(paths: Iterable[Path]) -> Iterator[Path | Unreadable]:
    for path in paths:
        try:
            if stat.S_ISREG(path.stat().st_mode):
                yield path
        except OSError as error:
            yield Unreadable(path, reason(error))


def _is_wanted(path: Path, root: Path) -> bool:
    if path.name.startswith(".") or path.name in _LEFT_OUT:
        return False
    if os.path.islink(path):
        # What lies below the folder itself is found there.
        return not Path(os.path.realpath(path)).is_relative_to(root)
    return not (_HIDDEN and getattr(path.lstat(), "st_file_attributes", 0) & _HIDDEN)
