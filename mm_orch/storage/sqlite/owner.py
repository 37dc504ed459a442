"""Which process works on a run: one that holds a lock on a file of its own, which ends with it however it ends."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from pathlib import Path

from mm_orch.errors import StorageError

FOLDER = "running"


class Owner:
    """This store's name among all that work on runs in ``folder``; its file is made and locked at first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._name: str | None = None
        self._file = -1

    @property
    def name(self) -> str:
        """Raises ``StorageError`` where no file can be made or locked."""
        if self._name is None:
            try:
                self._name, self._file = _claimed(self.folder)
            except OSError as error:
                raise StorageError("no_lock", folder=str(self.folder), error=str(error)) from error
        return self._name

    def close(self) -> None:
        """Give the name back: runs that still have it are nobody's."""
        if self._name is not None:
            _remove(self.folder / self._name)
            os.close(self._file)
            self._name = None


def is_gone(folder: Path, name: str) -> bool:
    """Whether nothing works under ``name`` any more; its file is then removed."""
    path = folder / name
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        if not _lock(file):
            return False
        _remove(path)
        return True
    finally:
        os.close(file)


def sweep(folder: Path) -> None:
    """Remove the files of those that are gone."""
    if folder.is_dir():
        for path in folder.iterdir():
            is_gone(folder, path.name)


def _claimed(folder: Path) -> tuple[str, int]:
    """A name and its locked file; tried again where a sweep of another process came between the two."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        file = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        if _lock(file) and _is_there(folder / name, file):
            return name, file
        os.close(file)


def _is_there(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except FileNotFoundError:
        return False


def _remove(path: Path) -> None:
    # Windows removes no file that is open; the next sweep does.
    with contextlib.suppress(OSError):
        path.unlink()


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
