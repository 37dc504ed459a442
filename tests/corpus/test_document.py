from __future__ import annotations

import pytest

from mm_orch.corpus.document import Stamp, words_of
from tests.corpus.library import document


def test_a_document_is_cut_into_passages_with_their_headings_and_words() -> None:
    made = document("/tea.md", "# Tea\n\nGreen tea.\n\n# Coffee\n\n" + "Roasted beans are ground. " * 40, "Drinks")
    assert len(made.rows) > 1
    assert {row.title_words for row in made.rows} == {"drinks"}
    assert made.rows[-1].heading_words == "coffee"
    assert "roasted beans" in made.rows[-1].text_words
    for row in made.rows:
        assert made.page.text[row.start : row.start + len(row.text)] == row.text


@pytest.mark.parametrize(
    ("text", "words"),
    [("Tea & C++", "tea c++"), ("載入適配器", "载入 入适 适配 配器"), ("ＧＧＵＦ", "gguf"), ("…", "")],
)
def test_words_are_lower_case_pairs_and_simplified(text: str, words: str) -> None:
    assert words_of(text) == words


def test_a_stamp_is_of_the_bytes() -> None:
    assert Stamp.of(b"a") != Stamp.of(b"b")
    assert (Stamp.of(b"ab", 7).size, Stamp.of(b"ab", 7).mtime_ns, len(Stamp.of(b"").sha256)) == (2, 7, 64)
