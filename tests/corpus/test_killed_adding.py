"""Killing ``muai corpus add`` at any moment leaves every document whole, and adding again completes."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mm_orch.corpus.address import path_of
from mm_orch.corpus.index import CorpusIndex
from mm_orch.database import Database

FILES = 1200  # more than are stored in one transaction


class Notes:
    """A folder of files that all change together; each says which version of which file it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def write(self, version: int) -> None:
        for number in range(FILES):
            (self.folder / f"{number}.md").write_text(self.text(number, version), encoding="utf-8")

    def text(self, number: int, version: int) -> str:
        return f"# Note {number}\n\nword{version}x{number}\n\n## 茶\n\n{'绿茶 tea ' * 60}\n\nlast{version}x{number}"


def start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mm_orch.main", "corpus", "add", "--quiet", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def add(folder: Path) -> str:
    """Add to the end; what it printed."""
    out, err = start(folder).communicate(timeout=100)
    assert err == ""
    return out


def add_and_kill(folder: Path, after_s: float) -> None:
    process = start(folder)
    try:
        time.sleep(after_s)
    finally:
        process.kill()
        process.communicate(timeout=60)


def check(home: Path, notes: Notes, versions: range) -> list[int]:
    """Nothing is broken, and every listed document is one version as a whole; the versions of all."""
    database = Database.open(home)
    try:
        assert database.integrity() == []
        with database.write() as connection:
            connection.execute("INSERT INTO corpus_words (corpus_words, rank) VALUES ('integrity-check', 0)")
            orphans = "SELECT count(*) FROM corpus_words WHERE rowid NOT IN (SELECT id FROM corpus_passages)"
            assert connection.execute(orphans).fetchone() == (0,)
        index = CorpusIndex(database)
        found: list[int] = []
        for document in index.documents():
            number, page = int(path_of(document.address).stem), index.page(document.address)
            assert page is not None
            found.append(next(each for each in versions if notes.text(number, each) == page.text))
            if number % 25 == 0:
                for word in (f"word{found[-1]}x{number}", f"last{found[-1]}x{number}"):
                    assert [each.url for each in index.passages(word, 5)] == [page.url]
        return found
    finally:
        database.close()


def kill_often(home: Path, folder: Path, kills: int, seed: int | None) -> None:
    notes, moments = Notes(folder), random.Random(seed)
    notes.write(0)
    started = time.monotonic()
    assert add(folder) == f"{FILES} added\n"
    whole_s = time.monotonic() - started
    broken_off = 0
    for version in range(1, kills + 1):
        notes.write(version)
        add_and_kill(folder, moments.uniform(0.2, 1.1) * whole_s)
        found = check(home, notes, range(version + 1))
        assert len(found) == FILES
        broken_off += found.count(version) < FILES
    add(folder)
    assert check(home, notes, range(kills + 1)) == [kills] * FILES
    assert broken_off > kills // 4


@pytest.mark.timeout(300)
def test_a_killed_addition_leaves_documents_whole_and_can_be_done_again(own_home: Path, tmp_path: Path) -> None:
    kill_often(own_home, tmp_path / "notes", kills=8, seed=3)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_fifty_kills_at_random_moments(own_home: Path, tmp_path: Path) -> None:
    kill_often(own_home, tmp_path / "notes", kills=50, seed=None)


def test_a_killed_first_addition_leaves_what_was_stored(own_home: Path, tmp_path: Path) -> None:
    notes = Notes(tmp_path / "notes")
    notes.write(0)
    process = start(notes.folder)
    try:
        ends = time.monotonic() + 60
        while time.monotonic() < ends and process.poll() is None and not (own_home / "muai.db").exists():
            time.sleep(0.005)
        time.sleep(0.1)
    finally:
        process.kill()
        process.communicate(timeout=60)
    assert set(check(own_home, notes, range(1))) <= {0}
    add(notes.folder)
    assert check(own_home, notes, range(1)) == [0] * FILES
