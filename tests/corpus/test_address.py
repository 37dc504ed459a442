from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mm_orch.corpus import address


@pytest.mark.parametrize(
    "name", ["a.md", "my notes.md", "茶 的 笔记.md", "100%.md", "two\nlines.md", "a%20b.md", "\u00a0"]
)
def test_a_path_comes_back_from_its_address(name: str) -> None:
    path = Path("/home/someone") / name
    assert address.path_of(address.of_path(path)) == path


@pytest.mark.skipif(sys.platform == "win32", reason="file names are text there")
def test_a_name_that_is_no_text_can_be_stored_and_comes_back() -> None:
    path = Path("/home") / os.fsdecode(b"caf\xe9.md")
    address.of_path(path).encode("utf-8")
    assert address.path_of(address.of_path(path)) == path


def test_an_address_is_one_word_and_keeps_chinese_readable() -> None:
    assert address.of_path(Path("/笔记/绿 茶.md")) == "/笔记/绿%20茶.md"


def test_a_url_of_the_corpus_names_the_address() -> None:
    assert address.of_url(address.url_of("/a/b.md")) == "/a/b.md"
    assert address.url_of("https://tea.example/a").startswith("corpus:")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("https://tea.example", True), ("HTTP://tea.example", True), ("/a/http://x", False), ("notes", False)],
)
def test_only_http_addresses_are_of_the_web(text: str, expected: bool) -> None:
    assert address.is_web(text) is expected


def test_a_person_is_shown_a_path_or_a_url() -> None:
    assert address.shown("/a/my%20notes.md") == str(Path("/a/my notes.md"))
    assert address.shown("https://tea.example/a%20b") == "https://tea.example/a%20b"
    assert address.shown("muai:README.md") == "muai:README.md"
