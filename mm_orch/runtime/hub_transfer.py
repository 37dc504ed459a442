"""The bytes of one hub file into the cache: gone on from where they broke off, checked, and only then named.

``huggingface_hub.hf_hub_download`` begins anew whenever a process ends, compares sizes and not hashes, writes
whatever a server sends, and takes no file of more than 50 GB without a library of native sockets. Its session,
headers, locks and errors are used here.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mm_orch import __version__
from mm_orch.errors import DownloadError
from mm_orch.runtime.download_progress import DownloadProgress, Progress

logger = logging.getLogger(__name__)
_BLOCK = 1 << 20
# A hub's network may refuse to send a file of more than 50 GB in one answer.
_MOST_AT_ONCE = 8 << 30
_TRIES = 5


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository; ``size`` is bytes.

    ``content`` is what all of Hugging Face's tools call it in the cache: the sha256 of its bytes, or git's own sha1
    for a small file that is kept in git itself.
    """

    name: str
    size: int
    content: str

    @property
    def is_sha256(self) -> bool:
        """Whether ``content`` is a sha256 and not a sha1 of git."""
        return len(self.content) == 64

    def name_of(self, path: Path) -> str:
        """What ``content`` would have to be for what ``path`` holds."""
        digest = hashlib.sha256() if self.is_sha256 else hashlib.sha1(usedforsecurity=False)
        if not self.is_sha256:
            digest.update(f"blob {path.stat().st_size}\0".encode())
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, lambda: digest).hexdigest()


class Transfer:
    """Fetches ``file`` from ``url``; ``pause`` is called with seconds to wait before another try."""

    def __init__(
        self, file: HubFile, url: str, progress: Progress | None, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._file, self._url, self._progress, self._pause = file, url, progress, pause

    def into(self, blob: Path, lock: Path) -> None:
        """Bring the whole, checked content to ``blob``. One process at a time; others wait for ``lock``.

        What came before is kept beside it as ``….incomplete``, whatever ends the transfer, and gone on from. Raises
        ``DownloadError`` for content that is not what the hub said, what httpx2 raises, and ``OSError``.
        """
        from huggingface_hub.utils import WeakFileLock

        for folder in (blob.parent, lock.parent):
            folder.mkdir(parents=True, exist_ok=True)
        with WeakFileLock(lock):
            if blob.exists() and self._file.name_of(blob) == blob.name:
                return
            partial = blob.with_name(f"{blob.name}.incomplete")
            self._complete(partial)
            if (found := self._file.name_of(partial)) != blob.name:
                partial.unlink()
                kind = "sha256" if self._file.is_sha256 else "git sha1"
                message = f"{self._file.name!r} has {kind} {found}, not {blob.name}"
                raise DownloadError(message, hint="It was deleted; try again")
            os.replace(partial, blob)

    def _complete(self, partial: Path) -> None:
        """Fetch what is missing of ``partial``, trying again while anything comes."""
        import httpx2

        have = _size(partial)
        if have > self._file.size:
            partial.unlink()
            have = 0
        _check_room(partial, self._file.size - have)
        tries = _TRIES
        with partial.open("ab") as out:
            while (have := out.tell()) < self._file.size:
                broken: Exception | None = None
                try:
                    self._receive(out, have)
                except (httpx2.TransportError, httpx2.StreamError) as error:
                    broken = error
                tries = _TRIES if out.tell() > have else tries - 1
                if tries == 0:
                    raise broken or DownloadError(f"the hub sends nothing of {self._file.name!r}")
                if broken is not None:
                    logger.warning("%s broke off at %d bytes: %s", self._file.name, out.tell(), broken)
                    self._pause(1.0)
            out.flush()
            os.fsync(out.fileno())

    def _receive(self, out: Any, have: int) -> None:
        """Append one answer to ``out``, which has ``have`` bytes."""
        from huggingface_hub import constants
        from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

        # No token goes further than its hub: httpx2 leaves it out where a redirect leads elsewhere.
        headers = build_hf_headers(library_name="muai", library_version=__version__)
        last = min(self._file.size, have + _MOST_AT_ONCE) - 1
        headers |= {"Accept-Encoding": "identity", "Range": f"bytes={have}-{last}"}
        timeout = constants.HF_HUB_DOWNLOAD_TIMEOUT
        with get_session().stream("GET", self._url, headers=headers, timeout=timeout) as response:
            hf_raise_for_status(response)
            if not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
                out.truncate(0)
                have = out.seek(0)
            for block in response.iter_raw(_BLOCK):
                out.write(block[: self._file.size - have])
                have += len(block)
                if self._progress is not None:
                    self._progress(DownloadProgress(self._file.name, min(have, self._file.size), self._file.size))
                if have >= self._file.size:
                    break


def _check_room(partial: Path, missing: int) -> None:
    free = shutil.disk_usage(partial.parent).free
    if free < missing:
        message = f"{str(partial.parent)!r} has {free / 1e9:.2f} GB left, {missing / 1e9:.2f} GB are to come"
        raise DownloadError(message, hint="Make room, or name another disk with HF_HOME")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
