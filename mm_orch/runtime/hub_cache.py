"""Where Hugging Face's tools keep what they fetched, read without importing them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


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


def _named(root: Path, revision: str) -> Path | None:
    reference = root / "refs" / revision
    commit = reference.read_text(encoding="utf-8").strip() if reference.is_file() else revision
    snapshot = root / "snapshots" / commit
    return snapshot if commit and snapshot.is_dir() else None
