"""Word documents."""

from __future__ import annotations

import pytest

from mm_orch.documents.docx import read_docx
from mm_orch.errors import FetchError
from tests.fixtures.documents import archive, docx, paragraph, table

_URL = "/letters/a.docx"


def test_headings_paragraphs_lists_and_tables_become_markdown() -> None:
    body = (
        paragraph("茶", style="Heading1")
        + paragraph("Tea is a drink.")
        + paragraph("green", list_number=1)
        + paragraph("black", list_number=1)
        + paragraph("How", style="Heading2")
        + paragraph("Boil water.", list_number=2)
        + paragraph("Wait.", list_number=2)
        + table([["Kind", "Minutes"], ["green", "2"], ["black", "4"]])
    )
    assert read_docx(docx(body, title="On tea"), _URL) == (
        "On tea",
        "# 茶\n\nTea is a drink.\n\n- green\n- black\n\n## How\n\n1. Boil water.\n2. Wait.\n\n"
        "| Kind | Minutes |\n| green | 2 |\n| black | 4 |",
    )


@pytest.mark.parametrize(
    "hidden",
    [
        "<w:vanish/>",
        '<w:vanish w:val="1"/>',
        "<w:webHidden/>",
        '<w:color w:val="FFFFFF"/>',
        '<w:sz w:val="2"/>',
    ],
)
def test_hidden_runs_are_not_read(hidden: str) -> None:
    body = paragraph("Tea is a drink.") + paragraph("SECRET", run=hidden)
    assert read_docx(docx(body), _URL)[1] == "Tea is a drink."


@pytest.mark.parametrize(
    "shown",
    [
        '<w:vanish w:val="0"/>',
        '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>',
        '<w:sz w:val="16"/>',
    ],
)
def test_runs_that_are_shown_are_read(shown: str) -> None:
    assert read_docx(docx(paragraph("words", run=shown)), _URL)[1] == "words"


def test_deleted_text_is_gone_and_inserted_text_is_there() -> None:
    body = "<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>"
    assert read_docx(docx(body), _URL)[1] == "new"


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    with pytest.raises(FetchError, match="declares XML entities"):
        read_docx(docx(paragraph("words"), extra={"word/comments.xml": bomb}), _URL)


def test_a_zip_bomb_is_refused_before_it_is_read() -> None:
    bomb = docx(paragraph("words"), extra={"word/footnotes.xml": b"\0" * 50_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(FetchError, match="unpacks to far more than a Word document"):
        read_docx(bomb, _URL)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 and nothing else",
        archive({"word/other.xml": b"<a/>"}),
        archive({"word/document.xml": b"<w:document"}),
        docx("<w:p>")[:400],
    ],
)
def test_a_damaged_document_says_so(data: bytes) -> None:
    with pytest.raises(FetchError, match=r"'/letters/a\.docx' is a damaged Word document"):
        read_docx(data, _URL)


def test_pictures_and_other_parts_are_not_even_unpacked() -> None:
    assert read_docx(docx(paragraph("words"), extra={"word/media/a.png": b"\x89PNG"}), _URL)[1] == "words"
