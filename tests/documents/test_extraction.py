"""The pool of reader processes."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator

import pytest

from mm_orch.documents.extraction import ExtractionPool
from mm_orch.errors import FetchError
from mm_orch.records.page import Page
from tests.fixtures.site import PAGES
from tests.fixtures.site_routes import QUADRATIC

_URL = "http://site.test/a"


@pytest.fixture
def pool() -> Iterator[ExtractionPool]:
    readers = ExtractionPool(processes=2, limit_s=20)
    yield readers
    readers.close()


async def _read(pool: ExtractionPool, data: bytes = b"words") -> Page:
    return await pool.read(data, "text/plain" if data == b"words" else "text/html", _URL, "utf-8")


async def test_many_pages_at_once_share_a_few_processes(pool: ExtractionPool) -> None:
    pages = list(PAGES.values()) * 3
    read = await asyncio.gather(*(_read(pool, page.html.encode()) for page in pages))
    assert [page.title for page in read] == [page.title for page in pages]
    assert 1 <= len(pool.pids) <= 2


async def test_a_warm_process_is_used_again(pool: ExtractionPool) -> None:
    pool.warm()
    pool.warm()
    warm = pool.pids
    await _read(pool)
    assert pool.pids == warm
    assert len(warm) == 2


async def test_a_cancelled_page_ends_its_process_and_not_the_others(pool: ExtractionPool) -> None:
    await asyncio.gather(_read(pool), _read(pool))
    slow = asyncio.create_task(_read(pool, QUADRATIC))
    await asyncio.sleep(0.2)
    before = pool.pids
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert len(set(before) - set(pool.pids)) == 1
    assert (await _read(pool)).text == "words"


async def test_a_page_over_the_limit_is_an_error_and_the_next_one_is_read() -> None:
    pool = ExtractionPool(processes=1, limit_s=1)
    try:
        await _read(pool)
        began = time.monotonic()
        with pytest.raises(FetchError, match="took longer than 1 s"):
            await _read(pool, QUADRATIC)
        assert time.monotonic() - began < 4
    finally:
        pool.close()
    assert pool.pids == ()


async def test_a_page_whose_reader_dies_says_so(pool: ExtractionPool) -> None:
    await _read(pool)
    slow = asyncio.create_task(_read(pool, QUADRATIC))
    await asyncio.sleep(0.2)
    os.kill(pool.pids[0], signal.SIGTERM)
    with pytest.raises(FetchError, match="made its reader crash"):
        await slow


async def test_closing_gives_up_the_page_that_is_being_read(pool: ExtractionPool) -> None:
    await _read(pool)
    slow = asyncio.create_task(_read(pool, QUADRATIC))
    await asyncio.sleep(0.2)
    pool.close()
    with pytest.raises(FetchError, match="was given up"):
        await slow


async def test_a_closed_pool_starts_anew(pool: ExtractionPool) -> None:
    await _read(pool)
    pool.close()
    assert pool.pids == ()
    assert (await _read(pool)).text == "words"


async def test_a_document_may_have_a_limit_of_its_own(pool: ExtractionPool) -> None:
    await _read(pool)
    with pytest.raises(FetchError, match=r"took longer than 0\.3 s"):
        await pool.read(QUADRATIC, "text/html", _URL, None, limit_s=0.3)
    assert (await pool.read(b"words", "text/plain", _URL, None, limit_s=20)).text == "words"


async def test_a_process_that_read_a_large_document_gives_its_memory_back(pool: ExtractionPool) -> None:
    await _read(pool)
    (small,) = pool.pids
    page = await pool.read(b"words and words\n" * 600_000, "text/plain", _URL, None)
    assert len(page.text) > 9_000_000
    await _read(pool)
    assert small not in pool.pids
