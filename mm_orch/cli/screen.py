"""What reaches the terminal: answers on stdout, everything else on stderr, UTF-8 wherever it runs."""

from __future__ import annotations

import io
import itertools
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from mm_orch.errors import MuAIError

# C0 without tab and newline, DEL and C1: a page or a model must not drive the terminal.
_CONTROL = dict.fromkeys([*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)])


_language = "en"


class OutputClosed(Exception):
    """Whoever read stdout has gone: there is nobody left to answer."""


def use_utf8() -> None:
    """Make the three standard streams UTF-8; what cannot be encoded or decoded is replaced, never an error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def choose_language(words: Sequence[str]) -> None:
    """Speak the language that the command line names, else that of a question in it, else the locale's."""
    named = [after for word, after in itertools.pairwise(words) if word == "--language"]
    named += [word.partition("=")[2] for word in words if word.startswith("--language=")]
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    chinese = named == ["zh"] or (named != ["en"] and (locale.startswith("zh") or any(map(_is_chinese, words))))
    speak("zh" if chinese else "en")


def speak(language: str) -> None:
    """Speak ``"zh"`` or ``"en"`` from here on: that of a question, once it is known."""
    global _language
    _language = language


def _is_chinese(word: str) -> bool:
    if word.isascii():
        return False
    from mm_orch.language.detection import is_chinese

    return is_chinese(word)


def language() -> str:
    """``"zh"`` or ``"en"``: what is spoken."""
    return _language


def clean(text: str) -> str:
    """``text`` without terminal control characters but tab and newline."""
    return text.translate(_CONTROL)


def out(text: str, end: str = "\n") -> None:
    """Write to stdout at once; control characters are left out on a terminal. Raises ``OutputClosed``."""
    stream = sys.stdout
    if stream is None:
        raise OutputClosed
    try:
        stream.write((clean(text) if is_terminal(stream) else text) + end)
        stream.flush()
    except (BrokenPipeError, ValueError) as error:
        raise OutputClosed from error
    except OSError as error:
        raise MuAIError("stdout_failed", why=error.strerror) from error


def out_dim(text: str) -> None:
    """Write a line to stdout that is less important: dim on a terminal that can."""
    if not is_terminal(sys.stdout) or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return out(text)
    if os.name == "nt" and "WT_SESSION" not in os.environ:
        return out(text)
    sys.stdout.write("\x1b[2m")
    try:
        out(text, end="")
    finally:
        sys.stdout.write("\x1b[0m\n")
        sys.stdout.flush()


def note(text: str) -> None:
    """Write a line to stderr; without a stderr it is dropped."""
    try:
        if sys.stderr is not None:
            sys.stderr.write(clean(text) + "\n")
            sys.stderr.flush()
    except (OSError, ValueError):
        return


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at (or types into) the stream."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def silence_stdout() -> None:
    """Let the interpreter's own flush at exit go nowhere, after a reader has gone."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError:
        return
