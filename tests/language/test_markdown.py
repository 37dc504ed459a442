import pytest

from mm_orch.language.markdown import blocks, heading_level, heading_text, item_starts, line_starts


def test_blocks_come_with_their_kind_and_the_headings_above() -> None:
    text = "# A\n\nText.\n\n## B\n- one\n- two\n\n| a |\n| - |\n\n```\n# code\n```\n"
    found = [(block.kind, text[block.start : block.end].strip(), block.headings) for block in blocks(text)]
    assert found == [
        ("text", "Text.", ("A",)),
        ("list", "- one\n- two", ("A", "B")),
        ("table", "| a |\n| - |", ("A", "B")),
        ("code", "```\n# code\n```", ("A", "B")),
    ]


def test_a_block_knows_where_the_headings_above_it_begin() -> None:
    text = "# A\n\n## B\n\nText."
    [block] = blocks(text)
    assert (block.headed, text[block.start :]) == (0, "Text.")


def test_a_list_goes_on_over_a_blank_line_and_ends_at_a_paragraph() -> None:
    text = "1. one\n\n2. two\n   more\n\nAfter."
    first, second = blocks(text)
    assert [text[at : at + 2] for at in item_starts(text, first)] == ["1.", "2."]
    assert text[second.start : second.end] == "After."


def test_lines_of_a_table_are_its_rows() -> None:
    text = "| a |\n| - |\n| b |"
    [table] = blocks(text)
    assert line_starts(text, table) == [0, 6, 12]


@pytest.mark.parametrize(
    ("line", "level", "words"),
    [("# A", 1, "A"), ("### C# #", 3, "C#"), ("## About C#", 2, "About C#"), ("#tag", 0, ""), ("#", 0, "")],
)
def test_what_is_a_heading(line: str, level: int, words: str) -> None:
    assert heading_level(line) == level
    if level:
        assert heading_text(line) == words


def test_a_very_long_line_is_no_heading() -> None:
    assert heading_level("# " + "word " * 100) == 0
