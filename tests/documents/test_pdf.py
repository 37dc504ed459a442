"""PDF documents."""

from __future__ import annotations

import contextlib
import io

import pytest
from pypdf import PdfReader, PdfWriter

from mm_orch.documents.pdf import read_pdf
from mm_orch.errors import FetchError
from tests.fixtures.documents import pdf

_URL = "/books/a.pdf"
_CHINESE = ["长城始建于春秋战国时期，历代不断修筑，今天看到的大多是明代的遗存，总长二", "万一千多公里。"]


def test_chinese_lines_are_joined_without_a_space_between_them() -> None:
    assert read_pdf(pdf([_CHINESE], title="长城"), _URL) == ("长城", "".join(_CHINESE))


def test_english_lines_are_joined_and_broken_words_mended() -> None:
    lines = [
        "Photosynthesis turns light energy into chem-",
        "ical energy, which plants keep in sugars.",
        "The end.",
    ]
    assert read_pdf(pdf([lines]), _URL)[1] == (
        "Photosynthesis turns light energy into chemical energy, which plants keep in sugars. The end."
    )


def test_a_hyphen_that_belongs_to_the_word_stays() -> None:
    lines = [
        "A well-known way of doing it is the old one.",
        "It is the most well-",
        "known one of all the ways there are.",
    ]
    assert "most well-known one" in read_pdf(pdf([lines]), _URL)[1]


def test_pages_stand_apart_and_a_sentence_over_two_of_them_does_not() -> None:
    pages = [
        ["The first page ends here, and that is all there is."],
        ["The second one goes on with this and"],
        ["ends."],
    ]
    assert read_pdf(pdf(pages), _URL)[1].split("\n\n") == [
        "The first page ends here, and that is all there is.",
        "The second one goes on with this and ends.",
    ]


def test_running_headers_and_page_numbers_are_left_out() -> None:
    pages = [["The Book of Tea", f"Tea number {n} is a drink of its own kind.", f"- {n} -"] for n in "123456"]
    text = read_pdf(pdf(pages), _URL)[1]
    assert "Book of Tea" not in text
    assert "- 3 -" not in text
    assert "Tea number 4 is a drink" in text


def test_the_outline_tells_the_headings() -> None:
    pages = [["1 Tea", "Tea is a drink."], ["二、绿茶", "绿茶是不发酵的茶。"]]
    text = read_pdf(pdf(pages, outline=[("1  Tea", 0), ("二、 绿茶", 1)]), _URL)[1]
    assert text == "# 1 Tea\n\nTea is a drink.\n\n# 二、绿茶\n\n绿茶是不发酵的茶。"


def test_typesetting_forms_are_read_as_what_they_stand_for() -> None:
    assert read_pdf(pdf([["ﬁrst ⽤⻓"]]), _URL)[1] == "first 用长"


def test_text_that_looks_like_a_heading_is_none() -> None:
    assert read_pdf(pdf([["# 1. Do this"]]), _URL)[1] == "\\# 1. Do this"


def test_a_scan_says_that_it_has_no_text_layer() -> None:
    with pytest.raises(FetchError, match=r"'/books/a\.pdf' has no text layer: it is a scan; run OCR first"):
        read_pdf(pdf([[], []]), _URL)


def _encrypted(user: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([["words"]]))))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_a_document_with_a_password_says_so() -> None:
    with pytest.raises(FetchError, match=r"is encrypted.*without a password"):
        read_pdf(_encrypted("secret"), _URL)


def test_a_document_that_only_forbids_printing_is_read() -> None:
    assert read_pdf(_encrypted(""), _URL)[1] == "words"


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_a_damaged_document_says_so_or_is_read_as_far_as_it_goes(share: float) -> None:
    whole = pdf([["some words"] * 20] * 5)
    with contextlib.suppress(FetchError):
        assert "some words" in read_pdf(whole[: int(len(whole) * share)], _URL)[1]


def test_what_only_claims_to_be_a_pdf_is_damaged() -> None:
    with pytest.raises(FetchError, match="is a damaged PDF document"):
        read_pdf(b"%PDF-1.4 and nothing else", _URL)
