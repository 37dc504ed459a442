from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch.corpus.kinds import is_other, media_type


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.md", "text/markdown"),
        ("a.HTML", "text/html"),
        ("a.py", "text/x-python"),
        ("a.csv", "text/csv"),
        ("a.ts", "text/plain"),
        ("a.pdf", "application/pdf"),
        ("a.png", ""),
        ("README", ""),
    ],
)
def test_a_name_stands_for_a_type_that_is_read_or_for_none(name: str, expected: str) -> None:
    assert media_type(Path(name)) == expected


@pytest.mark.parametrize(
    ("name", "other"),
    [("a.png", True), ("a.gguf", True), ("a.MP3", True), ("a.ts", False), ("a.md", False), ("README", False)],
)
def test_a_name_may_say_that_a_file_is_no_document(name: str, other: bool) -> None:
    assert is_other(Path(name)) is other
