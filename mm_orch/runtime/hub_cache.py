"""Where Hugging Face's tools keep what they fetched: read, and added to, in their layout.

``huggingface_hub`` reads the environment once, when it is imported, and searches a cache for one known file of one
known commit only; which GGUF files are here is asked at every start, so it is not imported for that.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """A file of a commit of ``repo`` in ``cache``: its content under ``blobs``, and a link that bears its name."""

    repo: str
    commit: str
    name: str
    content: str
    cache: Path

    @property
    def blob(self) -> Path:
        """Where the content is."""
        return repository_folder(self.repo, self.cache) / "blobs" / self.content

    @property
    def pointer(self) -> Path:
        """The link that bears the name."""
        return repository_folder(self.repo, self.cache) / "snapshots" / self.commit / self.name

    @property
    def lock(self) -> Path:
        """What is locked while the content is fetched."""
        return repository_folder(self.repo, self.cache / ".locks") / f"{self.content}.lock"

    def link(self) -> None:
        """Let the name lead to the content; where the system has no links for us, the content takes the name."""
        self.pointer.parent.mkdir(parents=True, exist_ok=True)
        self.pointer.unlink(missing_ok=True)
        try:
            self.pointer.symlink_to(os.path.relpath(self.blob, self.pointer.parent))
        except FileExistsError:
            # Another process was faster.
            return
        except OSError:
            os.replace(self.blob, self.pointer)

    def discard(self) -> None:
        """Remove the name and the content it leads to."""
        self.pointer.resolve().unlink(missing_ok=True)
        self.pointer.unlink(missing_ok=True)


def record(repo: str, revision: str, commit: str, cache: Path) -> None:
    """Remember which commit a branch or tag stood for."""
    reference = repository_folder(repo, cache) / "refs" / revision
    if revision == commit or ".." in Path(revision).parts or Path(revision).is_absolute():
        return
    reference.parent.mkdir(parents=True, exist_ok=True)
    beside = reference.with_name(f"{reference.name}.{os.getpid()}.tmp")
    beside.write_text(commit, encoding="utf-8")
    with contextlib.suppress(PermissionError):
        # Windows refuses while somebody reads it.
        os.replace(beside, reference)
    beside.unlink(missing_ok=True)


def folder() -> Path:
    """The cache folder, as ``HF_HUB_CACHE``, ``HF_HOME`` and ``XDG_CACHE_HOME`` say."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if os.environ.get(name):
            return Path(os.path.expandvars(os.environ[name])).expanduser()
    home = os.environ.get("HF_HOME")
    if not home:
        home = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.join("~", ".cache"), "huggingface")
    return Path(os.path.expandvars(home)).expanduser() / "hub"


def repository_folder(repo: str, cache: Path) -> Path:
    """Where the cache keeps ``user/repo``; it may not exist."""
    return cache / f"models--{repo.replace('/', '--')}"


def snapshots(repo: str, revision: str | None, cache: Path) -> Iterator[Path]:
    """Folders that hold files of ``repo``: the revision's first; without one, newer before older too."""
    root = repository_folder(repo, cache)
    named = _named(root, revision or "main")
    if named is not None:
        yield named
    if revision is None and (root / "snapshots").is_dir():
        others = [path for path in (root / "snapshots").iterdir() if path.is_dir() and path != named]
        yield from sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)


def files(snapshot: Path) -> list[str]:
    """The GGUF files of a snapshot that are whole, with ``/`` between folders."""
    found = (path for path in snapshot.rglob("*") if path.suffix.lower() == ".gguf" and path.is_file())
    return sorted(path.relative_to(snapshot).as_posix() for path in found)


def unfinished(repo: str, cache: Path) -> list[Path]:
    """What was begun and not finished of the repository's files."""
    return sorted((repository_folder(repo, cache) / "blobs").glob("*.incomplete"))


def _named(root: Path, revision: str) -> Path | None:
    reference = root / "refs" / revision
    commit = reference.read_text(encoding="utf-8").strip() if reference.is_file() else revision
    snapshot = root / "snapshots" / commit
    return snapshot if commit and snapshot.is_dir() else None
