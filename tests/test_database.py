"""The database opens privately, migrates once, and explains what it cannot do without losing anything."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch.database import Database, Migrations
from mm_orch.errors import StorageError

posix = pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
not_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anything")


def birds() -> Migrations:
    migrations = Migrations("birds")

    @migrations
    def create_birds(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE birds (name TEXT)")

    return migrations


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path / "home")
    opened.migrate(birds())
    yield opened
    opened.close()


def names(database: Database) -> list[str]:
    with database.read() as connection:
        return [row[0] for row in connection.execute("SELECT name FROM birds ORDER BY name")]


@posix
def test_the_folder_and_every_file_are_the_users_alone(database: Database, tmp_path: Path) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO birds VALUES ('wren')")
    home = tmp_path / "home"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()} == {
        "muai.db": 0o600,
        "muai.db-wal": 0o600,
        "muai.db-shm": 0o600,
    }


@posix
def test_a_database_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    (tmp_path / "muai.db").chmod(0o644)
    Database.open(tmp_path).close()
    assert stat.S_IMODE((tmp_path / "muai.db").stat().st_mode) == 0o600


def test_it_uses_write_ahead_logging(database: Database) -> None:
    with database.read() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_migrations_run_once_and_in_order(tmp_path: Path) -> None:
    migrations = birds()
    first = Database.open(tmp_path)
    first.migrate(migrations)
    first.close()

    @migrations
    def add_colour(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE birds ADD COLUMN colour TEXT")

    second = Database.open(tmp_path)
    second.migrate(migrations)
    second.migrate(migrations)
    with second.read() as connection:
        applied = connection.execute("SELECT room, number, name FROM migrations ORDER BY number").fetchall()
    second.close()
    assert applied == [("birds", 1, "create_birds"), ("birds", 2, "add_colour")]


def test_the_file_is_copied_aside_before_its_tables_change(database: Database, tmp_path: Path) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO birds VALUES ('wren')")
    migrations = birds()

    @migrations
    def forget_birds(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM birds")

    database.migrate(migrations)
    copy = tmp_path / "home" / "muai.db.before-birds-2"
    before = Database(copy)
    assert (names(database), names(before)) == ([], ["wren"])
    assert before.integrity() == []
    before.close()
    assert os.name != "posix" or stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_new_tables_and_caches_are_not_copied(tmp_path: Path) -> None:
    for name in ("muai.db", "pages.db"):
        opened = Database(tmp_path / name)
        opened.migrate(birds())
        if name == "pages.db":
            migrations = birds()
            migrations(lambda connection: None)
            opened.migrate(migrations)
        opened.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["muai.db", "pages.db"]


def test_a_migration_that_fails_leaves_nothing_behind(database: Database) -> None:
    migrations = Migrations("fish")

    @migrations
    def create_fish(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE fish (name TEXT)")
        connection.execute("INSERT INTO ponds VALUES (1)")

    with pytest.raises(StorageError, match="ponds"):
        database.migrate(migrations)
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'fish'").fetchone() == (0,)


def test_a_database_of_a_newer_program_is_refused(database: Database) -> None:
    with pytest.raises(StorageError, match="newer version of MuAI"):
        database.migrate(Migrations("birds"))


def test_an_error_rolls_the_whole_transaction_back(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            connection.execute("INSERT INTO birds VALUES ('wren')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert names(database) == []


def test_many_threads_write_at_once(database: Database) -> None:
    def insert(number: int) -> None:
        for turn in range(10):
            with database.write() as connection:
                connection.execute("INSERT INTO birds VALUES (?)", (f"{number}-{turn}",))

    threads = [threading.Thread(target=insert, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(database)) == 80


def test_several_first_starts_at_once_all_succeed(tmp_path: Path) -> None:
    failures: list[Exception] = []

    def start() -> None:
        try:
            opened = Database.open(tmp_path)
            opened.migrate(birds())
            opened.close()
        except StorageError as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_locked_database_says_so_and_keeps_its_content(database: Database) -> None:
    assert database.path
    impatient = Database(database.path, busy_timeout_s=0.05)
    with database.write() as connection:
        connection.execute("INSERT INTO birds VALUES ('wren')")
        with pytest.raises(StorageError, match="locked by another program") as caught, impatient.write():
            pass
    impatient.close()
    assert "try again" in caught.value.hint
    assert names(database) == ["wren"]


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "muai.db").write_bytes(b"my diary, not a database" * 100)
    with pytest.raises(StorageError, match="is damaged") as caught:
        Database.open(tmp_path)
    assert "Move the file away" in caught.value.hint
    assert (tmp_path / "muai.db").read_bytes() == b"my diary, not a database" * 100


def test_a_folder_in_the_files_place_is_explained(tmp_path: Path) -> None:
    (tmp_path / "muai.db").mkdir()
    with pytest.raises(StorageError, match="cannot be written"):
        Database.open(tmp_path)


def test_a_home_below_a_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written") as caught:
        Database.open(tmp_path / "file" / "home")
    assert "MUAI_HOME" in caught.value.hint


@not_root
def test_a_read_only_folder_is_explained(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StorageError, match="cannot be written"):
            Database.open(tmp_path)
    finally:
        tmp_path.chmod(0o700)


def test_integrity_is_silent_for_a_sound_file_and_names_a_broken_page(database: Database) -> None:
    assert database.integrity() == []
    assert database.path
    with database.write() as connection:
        connection.executemany("INSERT INTO birds VALUES (?)", [(f"bird {number}" * 20,) for number in range(500)])
    database.close()
    content = bytearray(database.path.read_bytes())
    content[4096 * 5 : 4096 * 6] = b"\xff" * 4096
    database.path.write_bytes(content)
    broken = Database(database.path)
    assert broken.integrity() != []
    broken.close()


def test_a_database_in_memory_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = Database(None)
    database.migrate(birds())
    assert names(database) == []
    database.close()
    assert list(tmp_path.iterdir()) == []
