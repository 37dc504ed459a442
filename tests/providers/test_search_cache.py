"""The same question is asked once, for a while."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from mm_orch.database import Database
from mm_orch.errors import SearchError
from mm_orch.providers.search_cache import CachedSearch, SearchCache
from mm_orch.records.search import Hit, SearchAnswer, SearchQuery

_HITS = (Hit("https://tea.example/?q=茶", "Tea 茶 \ud83d", "“Quoted”", "p"), Hit("https://b.example/", "B"))


class Counting:
    """A provider that counts; it finds ``hits``, or fails when they are an error."""

    def __init__(self, hits: tuple[Hit, ...] | SearchError = _HITS, name: str = "counting") -> None:
        self.name = name
        self.asked = 0
        self._hits = hits

    async def search(self, query: SearchQuery) -> SearchAnswer:
        self.asked += 1
        if isinstance(self._hits, SearchError):
            raise self._hits
        return SearchAnswer(self._hits, self.name, ("cut",))


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=["memory", "disk"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path if request.param == "disk" else None


async def test_a_second_search_asks_nobody_and_says_so(home: Path | None) -> None:
    counting = Counting()
    search = CachedSearch(counting, SearchCache(60, home))
    first, second = await search.search(SearchQuery("tea")), await search.search(SearchQuery(" tea "))
    assert counting.asked == 1
    assert (first.cached, second.cached) == (False, True)
    assert (second.hits, second.provider, second.warnings) == (_HITS, "counting", ("cut",))


async def test_another_process_finds_what_was_kept(tmp_path: Path) -> None:
    await CachedSearch(Counting(), SearchCache(60, tmp_path)).search(SearchQuery("tea"))
    later = Counting()
    assert (await CachedSearch(later, SearchCache(60, tmp_path)).search(SearchQuery("tea"))).hits == _HITS
    assert later.asked == 0


@pytest.mark.parametrize(
    ("query", "name", "region"),
    [
        (SearchQuery("coffee"), "counting", None),
        (SearchQuery("tea", limit=6), "counting", None),
        (SearchQuery("tea", language="zh"), "counting", None),
        (SearchQuery("tea"), "other", None),
        (SearchQuery("tea"), "counting", "hk-tzh"),
    ],
)
async def test_another_question_provider_or_region_has_another_answer(
    query: SearchQuery, name: str, region: str | None
) -> None:
    cache = SearchCache(60, None)
    await CachedSearch(Counting(), cache).search(SearchQuery("tea"))
    other = Counting(name=name)
    assert not (await CachedSearch(other, cache, region).search(query)).cached
    assert other.asked == 1


async def test_an_answer_grows_old(home: Path | None) -> None:
    clock, counting = Clock(), Counting()
    search = CachedSearch(counting, SearchCache(60, home, clock=clock))
    await search.search(SearchQuery("tea"))
    clock.now += 59
    assert (await search.search(SearchQuery("tea"))).cached
    clock.now += 2
    assert not (await search.search(SearchQuery("tea"))).cached
    assert counting.asked == 2


async def test_an_answer_from_the_future_is_not_believed(home: Path | None) -> None:
    clock = Clock()
    search = CachedSearch(Counting(), SearchCache(60, home, clock=clock))
    await search.search(SearchQuery("tea"))
    clock.now -= 10
    assert not (await search.search(SearchQuery("tea"))).cached


async def test_errors_are_not_kept(home: Path | None) -> None:
    failing = Counting(SearchError("down"))
    search = CachedSearch(failing, SearchCache(60, home))
    for _ in range(2):
        with pytest.raises(SearchError, match="down"):
            await search.search(SearchQuery("tea"))
    assert failing.asked == 2


async def test_that_nothing_was_found_is_not_kept(home: Path | None) -> None:
    counting = Counting(())
    search = CachedSearch(counting, SearchCache(60, home))
    for _ in range(2):
        assert not (await search.search(SearchQuery("tea"))).cached
    assert counting.asked == 2


async def test_the_oldest_answers_make_room(home: Path | None) -> None:
    clock = Clock()
    cache = SearchCache(60, home, most_rows=3, clock=clock)
    search = CachedSearch(Counting(), cache)
    for number in range(5):
        clock.now += 1
        await search.search(SearchQuery(f"tea {number}"))
    assert [(await search.search(SearchQuery(f"tea {number}"))).cached for number in (4, 3, 2)] == [True] * 3
    assert not (await search.search(SearchQuery("tea 0"))).cached
    assert len(cache._memory) == 3
    if home is not None:
        assert _rows(home) == 3


async def test_old_rows_leave_the_file_when_a_new_one_comes(tmp_path: Path) -> None:
    clock = Clock()
    search = CachedSearch(Counting(), SearchCache(60, tmp_path, clock=clock))
    await search.search(SearchQuery("tea"))
    clock.now += 61
    await search.search(SearchQuery("coffee"))
    assert _rows(tmp_path) == 1


async def test_the_question_is_not_written_down(tmp_path: Path) -> None:
    await CachedSearch(Counting(), SearchCache(60, tmp_path)).search(SearchQuery("a very private question"))
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"tea.example" in written
    assert b"private" not in written


@pytest.mark.parametrize("row", ["", "{}", "[]", '{"hits": [[1]], "provider": "p", "warnings": 7}', "\x00"])
async def test_a_row_that_is_damaged_is_asked_for_again(tmp_path: Path, row: str) -> None:
    counting = Counting()
    await CachedSearch(counting, SearchCache(60, tmp_path)).search(SearchQuery("tea"))
    with closing(Database.open(tmp_path)) as database, database.write() as connection:
        connection.execute("UPDATE search_cache SET answer = ?", (row,))
    answer = await CachedSearch(counting, SearchCache(60, tmp_path)).search(SearchQuery("tea"))
    assert (answer.hits, answer.cached) == (_HITS, False)


async def test_a_damaged_file_costs_no_answer_and_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "muai.db").write_bytes(b"this is no database, but it is long enough to be looked at " * 50)
    before = (tmp_path / "muai.db").read_bytes()
    answer = await CachedSearch(Counting(), SearchCache(60, tmp_path)).search(SearchQuery("tea"))
    assert answer.hits == _HITS
    assert "kept search answers cannot be used" in answer.warnings[-1]
    assert (tmp_path / "muai.db").read_bytes() == before


async def test_a_locked_file_costs_no_answer_and_little_time(tmp_path: Path) -> None:
    search = CachedSearch(Counting(), SearchCache(60, tmp_path))
    await search.search(SearchQuery("tea"))
    with closing(Database.open(tmp_path)) as database, database.write():
        began = time.monotonic()
        answer = await search.search(SearchQuery("coffee"))
    assert answer.hits == _HITS
    assert "cannot be kept" in answer.warnings[-1]
    assert time.monotonic() - began < 4
    assert (await search.search(SearchQuery("coffee"))).cached  # in memory it was kept


_WRITER = """
import asyncio, sys
from pathlib import Path
from mm_orch.providers.search_cache import CachedSearch, SearchCache
from mm_orch.records.search import Hit, SearchAnswer, SearchQuery
class Many:
    name = "many"
    async def search(self, query):
        return SearchAnswer(tuple(Hit(f"https://a.example/{n}", "t" * 50) for n in range(20)), self.name)
async def main():
    search = CachedSearch(Many(), SearchCache(60, Path(sys.argv[1]), most_rows=20))
    for number in range(100_000):
        await search.search(SearchQuery(f"{number}"))
        if number == 3:
            print("going", flush=True)
asyncio.run(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_killed_while_it_writes_the_file_stays_sound(tmp_path: Path) -> None:
    for attempt in range(3):
        with subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(0.03 * attempt)
            writer.send_signal(signal.SIGKILL)
        with closing(Database.open(tmp_path)) as database:
            assert database.integrity() == []
        assert 1 <= _rows(tmp_path) <= 20


def _rows(home: Path) -> int:
    with closing(Database.open(home)) as database, database.read() as connection:
        return int(connection.execute("SELECT count(*) FROM search_cache").fetchone()[0])
