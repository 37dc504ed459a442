"""Plain text, Markdown and JSON."""

from __future__ import annotations

import pytest

from mm_orch.documents.plain import first_line, read_json, read_markdown


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# Tea #\n\nHot.", "Tea", "# Tea #\n\nHot."),
        ("Hot.\n\n## Tea\n", "Tea", "Hot.\n\n## Tea\n"),
        ("茶\n===\n水", "茶", "茶\n===\n水"),
        ("---\ntitle: 'On tea'\ntags: [a]\n---\n# Other\n", "On tea", "# Other\n"),
        ("---\ntitle: On: tea\n...\nHot.", "On: tea", "Hot."),
        ("---\ntags: [a]\n---\n# Tea\n", "Tea", "# Tea\n"),
        ("---\nno front matter", "no front matter", "---\nno front matter"),
        ("```\n# a comment\n```\n# Tea\n", "Tea", "```\n# a comment\n```\n# Tea\n"),
        ("Only words.", "Only words.", "Only words."),
        ("", "", ""),
    ],
)
def test_markdown_is_named_after_its_front_matter_or_first_heading(text: str, title: str, body: str) -> None:
    assert read_markdown(text) == (title, body)


def test_json_that_is_nested_too_deep_is_read_as_it_stands() -> None:
    deep = "[" * 100_000
    assert read_json(deep) == deep


def test_the_first_line_is_cut() -> None:
    assert first_line("\n  \n== " + "a" * 200) == "a" * 80
