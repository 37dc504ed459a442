import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mm_orch.retrieval.passages import Piece, size, split

WORDS = "One sentence has exactly seven words here. "
LINES = [
    "# A",
    "## B",
    "### C",
    "- item one",
    "2. item",
    "1、项",
    "• mark",
    "    deep",
    "| a | b |",
    "```",
    "~~~py",
    "Some words.",
    "中文句子。",
    "",
    "  x:",
]


def test_a_short_page_is_one_passage_where_it_stands() -> None:
    assert split("\n\nOnly this.\n") == [Piece("", "Only this.", 2)]


def test_headings_are_the_path_and_not_the_text() -> None:
    text = f"# Guide\n\n{WORDS * 15}\n\n## Setup\n\n### Linux\n\n{WORDS * 15}\n\n## Use\n\n{WORDS * 15}"
    assert [piece.heading for piece in split(text)] == ["Guide", "Guide > Setup > Linux", "Guide > Use"]
    assert all("#" not in piece.text for piece in split(text))


def test_short_sections_are_joined_with_their_headings_inside() -> None:
    text = "# Questions\n\n## Who?\n\nAda.\n\n## When?\n\nIn 1843."
    assert split(text) == [Piece("Questions", text, 0)]


def test_a_heading_with_nothing_under_it_is_not_lost() -> None:
    pieces = split("# Page\n\n## Empty\n\n## Full\n\nText.\n\n## Last")
    assert "## Empty" in pieces[0].text
    assert pieces[-1].text.endswith("## Last")


def test_long_text_is_cut_between_sentences() -> None:
    pieces = split(WORDS * 100)
    assert len(pieces) > 4
    assert all(piece.text.endswith("here.") and size(piece.text) <= 120 for piece in pieces)


def test_chinese_is_counted_by_characters() -> None:
    pieces = split("这句话正好有十个字呢。" * 100)
    assert all(150 <= len(piece.text) <= 280 and piece.text.endswith("。") for piece in pieces[:-1])


def test_a_table_is_whole_or_cut_between_rows_with_its_head_before_each_part() -> None:
    head = "| city | people |\n| --- | --- |\n"
    short = head + "".join(f"| town {n} | {n}000 |\n" for n in range(20))
    assert [piece.text for piece in split(short)] == [short.rstrip()]
    long = head + "".join(f"| town {n} | {n}000 |\n" for n in range(300))
    first, *others = split(long)
    assert long.startswith(first.text)
    for piece in others:
        assert piece.text.startswith(head + "| town")
        rows = piece.text.removeprefix(head)
        assert long[piece.start : piece.start + len(rows)] == rows


def test_code_is_not_cut_and_what_looks_like_a_heading_in_it_is_code() -> None:
    code = "```sh\n# a comment\n\n" + "run --now\n" * 60 + "```"
    pieces = split(f"# Use\n\n{WORDS * 14}\n\n{code}\n\n{WORDS * 14}")
    assert code in [piece.text for piece in pieces]
    assert {piece.heading for piece in pieces} == {"Use"}


def test_a_fence_that_is_never_closed_hides_no_heading() -> None:
    pieces = split(f"```\n{WORDS}\n\n# Real\n\n{WORDS * 20}")
    assert pieces[-1].heading == "Real"


def test_list_items_stay_whole_and_the_line_before_a_list_goes_with_it() -> None:
    items = "".join(f"- Item {n} says: {WORDS * 3}\n" for n in range(12))
    pieces = split(f"{WORDS * 14}\n\nThese are the items:\n\n{items}")
    assert pieces[1].text.startswith("These are the items:")
    assert all(line.rstrip().endswith("here.") for piece in pieces[1:] for line in piece.text.split("\n")[2:])


@example(["# A", "- item one", "## B", "### C", "# A"], 7)
@given(st.lists(st.sampled_from(LINES), max_size=60), st.integers(4, 60))
def test_passages_and_their_headings_hold_all_that_is_not_blank(lines: list[str], words: int) -> None:
    text = "\n".join(lines)
    pieces = split(text, words=words)
    kept = {at for piece in pieces for at in range(piece.start, piece.start + len(piece.text))}
    headings = {name for piece in pieces for name in piece.heading.split(" > ")}
    at = 0
    for line in lines:
        words_of_line = (place for place in range(at, at + len(line)) if not text[place].isspace())
        whole = set(words_of_line) <= kept
        assert whole or not line.strip() or line.lstrip("# ") in headings
        at += len(line) + 1


@given(st.text(alphabet="ab .。\n#-|`中，:", max_size=400), st.integers(4, 40))
def test_a_passage_is_a_slice_of_its_page(text: str, words: int) -> None:
    end = 0
    for piece in split(text, words=words):
        body = text[piece.start : piece.start + len(piece.text)]
        assert body == piece.text or piece.text.startswith("|")
        assert piece.start >= end
        end = piece.start + (len(piece.text) if body == piece.text else 0)


@pytest.mark.parametrize(
    "text",
    ["a" * 10**6, "中" * 10**6, ". " * 500_000, "```py\nx\n" * 100_000, "- a\n\n" * 100_000, "# " * 500_000],
    ids=["word", "han", "dots", "fences", "items", "marks"],
)
def test_a_megabyte_of_anything_is_cut_in_linear_time(text: str) -> None:
    """Four times the text takes about four times as long; sixteen times would be quadratic."""
    started = time.process_time()
    split(text[: len(text) // 4])
    quarter = time.process_time()
    pieces = split(text)
    assert time.process_time() - quarter < 8 * (quarter - started) + 0.1
    assert max(len(piece.text) for piece in pieces) < 5_000
