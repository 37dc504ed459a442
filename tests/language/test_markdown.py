import pytest

from mm_orch.language.markdown import blocks


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
    assert [text[at : at + 2] for at in first.parts] == ["1.", "2."]
    assert text[second.start : second.end] == "After."


def test_lines_of_a_table_are_its_rows() -> None:
    text = "| a |\n| - |\n| b |"
    [table] = blocks(text)
    assert table.parts == (0, 6, 12)


@pytest.mark.parametrize(
    ("line", "level", "words"),
    [("# A", 1, "A"), ("### C# #", 3, "C#"), ("## About C#", 2, "About C#"), ("#tag", 0, ""), ("#", 0, "")],
)
def test_what_is_a_heading(line: str, level: int, words: str) -> None:
    found = blocks(f"{line}\n\nText.")
    assert found[-1].headings == ((words,) if level else ())


def test_a_very_long_line_is_no_heading() -> None:
    assert blocks("# " + "word " * 100)[0].headings == ()


def test_marks_of_items_that_markdown_does_not_know_begin_items_too() -> None:
    text = "要点：\n1、一\n（2）二\n• three\n"
    lead, items = blocks(text)
    assert (lead.kind, items.kind) == ("text", "list")
    assert [text[at] for at in items.parts] == ["1", "（", "•"]


def test_what_follows_a_fence_that_is_never_closed_is_text() -> None:
    text = "```\nx\n```\n\n```\n# Real\n\nText.\n"
    found = blocks(text)
    assert [(block.kind, block.headings) for block in found] == [("code", ()), ("text", ()), ("text", ("Real",))]


def test_lists_in_lists_have_all_their_items() -> None:
    text = "- a\n  - b\n    - c\n- d\n"
    [block] = blocks(text)
    assert [text[at:].lstrip("- ")[0] for at in block.parts] == ["a", "b", "c", "d"]
