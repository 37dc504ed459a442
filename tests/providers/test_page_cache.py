"""Pages on disk."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mm_orch.database import Database
from mm_orch.providers import page_cache
from mm_orch.providers.page_cache import CachedPage, PageCache
from mm_orch.records.page import Page

NOW = 1_000_000.0


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "pages.db"


def _cache(file: Path | None, max_bytes: int = 1_000_000, clock: Clock | None = None) -> PageCache:
    return PageCache(lambda: Database(file), max_bytes, clock or Clock())


def _found(number: int, text: str = "Words. 字。", **named: float | str) -> CachedPage:
    page = Page(f"http://a/{number}", f"Title {number}", text, "text/plain", ("cut",))
    return CachedPage(page, NOW, NOW + 60, **named)  # type: ignore[arg-type]


def _random_text(size: int) -> str:
    """That packs to about ``size`` bytes."""
    return os.urandom(size).hex()


def test_a_page_comes_back_as_it_was(file: Path) -> None:
    found = _found(1, etag='"x"', last_modified="Mon")
    cache = _cache(file)
    cache.put("http://a/1", found)
    cache.close()
    assert _cache(file).get("http://a/1") == found
    assert _cache(file).get("http://a/2") is None


def test_a_page_asks_again_with_what_the_server_gave() -> None:
    assert _found(1, etag='"x"', last_modified="Mon").conditions == {
        "If-None-Match": '"x"', "If-Modified-Since": "Mon"
    }  # fmt: skip
    assert _found(1).conditions == {}


def test_the_newest_version_of_a_page_is_kept_and_a_removed_one_is_gone(file: Path) -> None:
    cache = _cache(file)
    cache.put("http://a/1", _found(1, "old"))
    cache.put("http://a/1", _found(1, "new"))
    found = cache.get("http://a/1")
    assert found is not None
    assert found.page.text == "new"
    cache.remove("http://a/1")
    assert cache.get("http://a/1") is None


def test_the_longest_unused_make_room(file: Path) -> None:
    clock = Clock()
    cache = _cache(file, 30_000, clock)
    for number in (1, 2, 3):
        clock.now += 100
        cache.put(f"u{number}", _found(number, _random_text(8_000)))
    clock.now += 100
    assert cache.get("u1")  # used again, so the second is now the oldest
    clock.now += 100
    cache.put("u4", _found(4, _random_text(16_000)))
    assert [number for number in (1, 2, 3, 4) if cache.get(f"u{number}")] == [1, 4]


def test_the_cap_holds_however_many_pages_come(file: Path) -> None:
    cache = _cache(file, 100_000)
    for number in range(200):
        cache.put(f"u{number}", _found(number, _random_text(4_000)))
    cache.close()
    with sqlite3.connect(file) as connection:
        (total,) = connection.execute("SELECT sum(length(text)) FROM pages").fetchone()
    assert 50_000 < total <= 100_000
    assert file.stat().st_size < 300_000


def test_a_page_larger_than_the_cache_is_not_kept(file: Path) -> None:
    cache = _cache(file, 5_000)
    cache.put("small", _found(1))
    cache.put("large", _found(2, _random_text(20_000)))
    assert cache.get("large") is None


def test_a_page_that_another_version_read_is_not_found(file: Path) -> None:
    cache = _cache(file)
    cache.put("u", _found(1))
    cache.close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE pages SET reader = 'older'")
    assert _cache(file).get("u") is None


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_nobody_else_may_read_it(file: Path) -> None:
    _cache(file).put("u", _found(1))
    assert file.stat().st_mode & 0o077 == 0


def test_nothing_is_opened_before_the_first_use(file: Path) -> None:
    _cache(file).close()
    assert not file.parent.exists()


def test_a_damaged_file_is_left_alone_and_complained_of_once(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database " * 1000)
    cache = _cache(file)
    heard: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = heard.append  # type: ignore[method-assign]
    logging.getLogger(page_cache.__name__).addHandler(handler)
    try:
        assert cache.get("u") is None
        cache.put("u", _found(1))
    finally:
        logging.getLogger(page_cache.__name__).removeHandler(handler)
    assert [record.levelname for record in heard] == ["WARNING"]
    assert "is damaged" in (cache.warning() or "")
    assert cache.warning() is None
    assert file.read_bytes() == b"no database " * 1000


def test_a_row_that_cannot_be_unpacked_counts_as_not_there(file: Path) -> None:
    cache = _cache(file)
    cache.put("u", _found(1))
    cache.close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE pages SET text = x'00ff'")
    assert _cache(file).get("u") is None


KILLED = """
import os, sys
from pathlib import Path
from mm_orch.database import Database
from mm_orch.providers.page_cache import CachedPage, PageCache
from mm_orch.records.page import Page
cache = PageCache(lambda: Database(Path(sys.argv[1])), 200_000)
print("ready", flush=True)
for number in range(1_000_000):
    cache.put(f"u{number}", CachedPage(Page("u", "t", os.urandom(2000).hex()), 0.0, 0.0))
"""


def test_being_killed_in_the_middle_leaves_a_sound_file(file: Path) -> None:
    for pause in (0.0, 0.03, 0.11):
        with subprocess.Popen([sys.executable, "-c", KILLED, str(file)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(pause)
            writer.kill()
        database = Database(file)
        assert database.integrity() == []
        database.close()
    cache = _cache(file)
    cache.put("u", _found(1))
    assert cache.get("u") == _found(1)
