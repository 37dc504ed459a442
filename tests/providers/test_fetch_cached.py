"""Pages without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch.database import Database
from mm_orch.errors import FetchError
from mm_orch.providers.fetch_cached import CachedFetcher
from mm_orch.providers.page_cache import CachedPage, PageCache
from mm_orch.records.page import Page

URL = "http://example.com/a"
STORED = 1_700_000_000.0  # 2023-11-14, 22:13 UTC


@pytest.fixture
def fetcher() -> Iterator[CachedFetcher]:
    cache = PageCache(lambda: Database(None), 1_000_000)
    cache.put(URL, CachedPage(Page(URL, "A", "Words.", warnings=("cut",)), STORED, fresh_until=0.0))
    fetcher = CachedFetcher(cache)
    fetcher.warm()
    yield fetcher
    fetcher.close()


async def test_a_page_that_was_read_is_shown_with_its_day_however_old(fetcher: CachedFetcher) -> None:
    page = await fetcher.fetch(" HTTP://Example.com/a#part")
    assert (page.url, page.title, page.text) == (URL, "A", "Words.")
    assert page.warnings[0] == "cut"
    assert page.warnings[1].startswith(f"'{URL}': offline, so read as it was on 2023-11-1")


async def test_a_page_that_was_never_read_is_an_error(fetcher: CachedFetcher) -> None:
    with pytest.raises(FetchError, match=r"cannot be read offline.*Leave out --offline"):
        await fetcher.fetch("http://example.com/b")


async def test_a_cache_that_is_damaged_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pages.db"
    file.write_bytes(b"no database at all, but long enough to look like one" * 100)
    with pytest.raises(FetchError, match="is damaged"):
        await CachedFetcher(PageCache(lambda: Database(file), 1000)).fetch(URL)
