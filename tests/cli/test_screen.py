"""What reaches the terminal."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from mm_orch.cli import screen
from mm_orch.errors import MuAIError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Gone(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


class Full(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_terminal_gets_no_control_characters() -> None:
    terminal = Terminal()
    with redirect_stdout(terminal):
        screen.out("a\x1b[31mb\x07\x9bc\r\x7f\td\ne你好", end="")
    assert terminal.getvalue() == "a[31mbc\td\ne你好"


def test_a_pipe_gets_the_text_as_it_is() -> None:
    pipe = io.StringIO()
    with redirect_stdout(pipe):
        screen.out("a\x1b[31mb")
    assert pipe.getvalue() == "a\x1b[31mb\n"


def test_notes_are_cleaned_wherever_they_go() -> None:
    pipe = io.StringIO()
    with redirect_stderr(pipe):
        screen.note("page \x1b]0;title\x07")
    assert pipe.getvalue() == "page ]0;title\n"


@pytest.mark.parametrize("stream", [Gone(), None])
def test_a_reader_that_has_gone_is_told_apart(stream: io.StringIO | None) -> None:
    with redirect_stdout(stream), pytest.raises(screen.OutputClosed):
        screen.out("text")


def test_a_closed_stream_counts_as_gone() -> None:
    closed = io.StringIO()
    closed.close()
    with redirect_stdout(closed), pytest.raises(screen.OutputClosed):
        screen.out("text")
    with redirect_stderr(closed):
        screen.note("dropped")


def test_a_full_disk_is_an_error() -> None:
    with redirect_stdout(Full()), pytest.raises(MuAIError, match="No space left"):
        screen.out("text")
