"""requirements/*.lock: hashed, no registry address, dev holds run's versions, pyproject satisfied."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("run.lock", "dev.lock")
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)( ; [^\\]+)?$")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")


def entries(name: str) -> list[list[str]]:
    """Each entry as its parts: the pin, then its hashes."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", "\0")
    return [[part.strip() for part in line.split("\0")] for line in text.splitlines() if line]


def pins(name: str) -> set[tuple[str, str, str]]:
    found = (ENTRY.match(entry[0]) for entry in entries(name))
    return {(match[1], match[2], (match[3] or "").strip()) for match in found if match}


def project() -> dict[str, list[str]]:
    """Requirements by the lock they belong to."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = table["optional-dependencies"]
    run = [*table["dependencies"], *extras["demo"]]
    return {"run.lock": run, "dev.lock": run + extras["dev"]}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_is_one_version_with_hashes(name: str) -> None:
    wrong = [
        entry[0]
        for entry in entries(name)
        if not ENTRY.match(entry[0]) or len(entry) < 2 or not all(map(HASH.match, entry[1:]))
    ]
    assert not wrong
    assert len(entries(name)) > 20


@pytest.mark.parametrize("name", LOCKS)
def test_no_address_is_in_a_lock(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "@" not in text
    assert "index-url" not in text


def test_dev_holds_runs_versions() -> None:
    assert pins("run.lock") <= pins("dev.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_what_pyproject_asks_for_is_locked_in_a_version_it_allows(name: str) -> None:
    versions: dict[str, list[str]] = {}
    for project_name, version, _ in pins(name):
        versions.setdefault(canonical(project_name), []).append(version)
    for text in project()[name]:
        wanted = Requirement(text)
        found = versions.get(canonical(wanted.name), [])
        assert found, f"{text} is not locked"
        assert all(wanted.specifier.contains(version) for version in found), f"{text}, locked: {found}"


def test_locks_are_for_every_system() -> None:
    markers = {marker for _, _, marker in pins("dev.lock")}
    assert any("win32" in marker or "nt" in marker for marker in markers)
