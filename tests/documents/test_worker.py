"""The reader process, asked through a pool of one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mm_orch.documents.extraction import ExtractionPool
from mm_orch.errors import FetchError, UnsupportedMedia
from mm_orch.records.page import Page
from tests.fixtures.documents import docx, epub, paragraph, pdf
from tests.fixtures.site import PAGES

_URL = "http://site.test/a"


@pytest.fixture
def reader() -> Iterator[ExtractionPool]:
    pool = ExtractionPool(processes=1, limit_s=20)
    yield pool
    pool.close()


async def read(
    reader: ExtractionPool, data: bytes, media_type: str = "text/plain", charset: str | None = None
) -> Page:
    return await reader.read(data, media_type, _URL, charset or None)


async def test_it_reads_one_page_after_the_other(reader: ExtractionPool) -> None:
    for path in ("/zh/photosynthesis", "/zh/great-wall"):
        page = await read(reader, PAGES[path].html.encode("gb18030"), "text/html", "gbk")
        assert page.title == PAGES[path].title
        assert page.text.splitlines()[2] in PAGES[path].text


async def test_its_refusals_arrive_as_the_same_errors(reader: ExtractionPool) -> None:
    with pytest.raises(UnsupportedMedia, match=r"image.*HTML"):
        await read(reader, b"GIF89a", "")
    pids = reader.pids
    with pytest.raises(FetchError, match="shows no text"):
        await read(reader, b" ")
    assert reader.pids == pids


@pytest.mark.parametrize(
    ("data", "media_type", "text"),
    [
        (pdf([["绿茶是不发酵的茶。"]]), "application/pdf", "绿茶是不发酵的茶。"),
        (docx(paragraph("绿茶", style="Heading1")), "", "# 绿茶"),
        (epub({"a.xhtml": "<html><body><h2>绿茶</h2></body></html>"}), "application/epub+zip", "## 绿茶"),
    ],
)
async def test_it_reads_pdf_word_and_epub(reader: ExtractionPool, data: bytes, media_type: str, text: str) -> None:
    assert (await read(reader, data, media_type)).text == text


async def test_a_document_that_exhausts_its_reader_is_an_error_and_the_next_one_is_read(
    reader: ExtractionPool,
) -> None:
    deep = docx("<w:sdt><w:sdtContent>" * 5000)
    with pytest.raises(FetchError, match="damaged Word document"):
        await read(reader, deep, "")
    assert (await read(reader, b"words")).text == "words"
