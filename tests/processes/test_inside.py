"""The child's own side, spoken to over bare pipes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mm_orch.processes import frames


def run(*requests: frames.Frame) -> tuple[bytes, bytes, int]:
    """The talker's stdout and stderr for all that it is sent before its pipe ends, and its exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.processes.talker"],
        cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    answers = b""
    for request in requests:
        frames.write(process.stdin, request)
        head, body = frames.read(process.stdout)
        answers += b"".join(frames.encode(head, body))
    rest, words = process.communicate()
    return answers + rest, words, process.returncode


def test_what_is_printed_does_not_get_between_the_frames() -> None:
    answers, words, code = run(frames.encode({}, b"one"), frames.encode({}, b"two"))
    assert answers.count(b"one") == answers.count(b"two") == 1
    assert b"a library prints this" not in answers
    assert words.count(b"a library prints this") == 2
    assert code == 0


def test_the_end_of_the_pipe_is_the_end_of_the_process() -> None:
    assert run() == (b"", b"", 0)
