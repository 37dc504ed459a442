"""Which command a line of words means."""

from __future__ import annotations

import pytest

from mm_orch.cli.words import arrange, readable, subcommand_first
from mm_orch.errors import UnknownName

COMMANDS = ("ask", "models", "lesson")
TAKES_VALUE = {"--model": True, "-m": True, "--json": False, "--mode": True, "--real-models": False}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (["what is tea"], ["ask", "what is tea"]),
        (["what", "is", "tea", "--json"], ["ask", "what", "is", "tea", "--json"]),
        (["--json", "-m", "models", "what"], ["ask", "--json", "-m", "models", "what"]),
        (["--model=gpt2", "models", "are", "nice"], ["models", "--model=gpt2", "are", "nice"]),
        (["models", "list"], ["models", "list"]),
        (["--json", "models", "list"], ["models", "--json", "list"]),
        (["-m", "x", "lesson", "tea"], ["lesson", "-m", "x", "tea"]),
        (["ask", "models"], ["ask", "models"]),
        (["--", "models", "list"], ["ask", "--", "models", "list"]),
        (["--json", "--", "lesson"], ["ask", "--json", "--", "lesson"]),
        (["--model-info", "models"], ["ask", "--model-info", "models"]),
        (["--mode", "chat"], ["ask", "--mode", "chat"]),
        (["--mode=chat", "models"], ["ask", "--mode=chat", "models"]),
        (["-p", "lesson"], ["ask", "-p", "lesson"]),
        (["--version"], ["--version"]),
        (["--help"], ["--help"]),
        (["-h"], ["-h"]),
        (["--json"], ["ask", "--json"]),
        ([], ["--help"]),
    ],
)
def test_the_first_word_decides(line: list[str], expected: list[str]) -> None:
    assert arrange(line, COMMANDS, TAKES_VALUE, piped=False) == expected


def test_without_words_a_piped_question_is_asked() -> None:
    assert arrange([], COMMANDS, TAKES_VALUE, piped=True) == ["ask"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (["models", "list"], ["models", "list"]),
        (["models", "--config", "f", "show", "gpt2"], ["models", "show", "--config", "f", "gpt2"]),
        (["models"], ["models", "--help"]),
        (["models", "--help"], ["models", "--help"]),
    ],
)
def test_options_may_stand_before_a_subcommand(line: list[str], expected: list[str]) -> None:
    assert subcommand_first(line, ["list", "show"]) == expected


def test_an_unknown_subcommand_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'list'"):
        subcommand_first(["models", "lst"], ["list", "show"])


@pytest.mark.parametrize("text", ["plain", "你好", ""])
def test_text_that_is_text_stays_as_it_is(text: str) -> None:
    assert readable(text) == text


def test_bytes_that_the_locale_could_not_decode_are_read_as_utf8() -> None:
    assert readable("你好".encode().decode("ascii", "surrogateescape")) == "你好"


@pytest.mark.parametrize("text", ["\ud800", "a\udcffb", "\udce4\ud800"])
def test_what_is_no_text_becomes_text(text: str) -> None:
    readable(text).encode("utf-8")
