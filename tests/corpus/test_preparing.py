from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from mm_orch.corpus.document import Prepared, Stamp
from mm_orch.corpus.file_source import RawText
from mm_orch.corpus.preparing import GROUP, Preparing, prepare_text
from mm_orch.errors import FetchError


@pytest.fixture
def preparing() -> Iterator[Preparing]:
    made = Preparing(2)
    yield made
    made.close()


def texts(count: int) -> list[RawText]:
    return [
        RawText(f"/{number}", Stamp(9, 1, "x"), "text/markdown", "a.md", f"# Tea {number}\n\n绿茶".encode())
        for number in range(count)
    ]


async def test_few_documents_need_no_process(preparing: Preparing) -> None:
    (made,) = await preparing.prepare(texts(1))
    assert isinstance(made, Prepared)
    assert made.rows[0].text_words.endswith("绿茶")
    assert preparing.pids == ()


async def test_many_documents_come_from_a_process_as_they_would_from_here(preparing: Preparing) -> None:
    many = texts(GROUP)
    assert await preparing.prepare(many) == [prepare_text(raw) for raw in many]
    assert len(preparing.pids) == 1


async def test_a_document_that_is_none_does_not_keep_the_others_back(preparing: Preparing) -> None:
    many = texts(GROUP)
    many[3] = RawText("/3", Stamp(9, 1, "x"), "", "a.gif", b"GIF89a\0\0")
    made = await preparing.prepare(many)
    assert [isinstance(each, FetchError) for each in made].index(True) == 3
    assert sum(isinstance(each, Prepared) for each in made) == GROUP - 1


async def test_a_process_that_is_gone_is_told_and_the_next_one_works(preparing: Preparing) -> None:
    await preparing.prepare(texts(GROUP))
    (pid,) = preparing.pids
    os.kill(pid, signal.SIGSTOP)
    asked = asyncio.create_task(preparing.prepare(texts(GROUP)))
    await asyncio.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    assert all(isinstance(each, FetchError) for each in await asked)
    assert all(isinstance(each, Prepared) for each in await preparing.prepare(texts(GROUP)))


async def test_closing_ends_the_processes(preparing: Preparing) -> None:
    await preparing.prepare(texts(GROUP))
    preparing.close()
    assert preparing.pids == ()
