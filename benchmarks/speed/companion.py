"""A process beside the benchmark that holds something to compare with: asked and answering in lines of JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_ROOT = Path(__file__).resolve().parents[2]


class Companion:
    """``python -m benchmarks.speed.MODULE``, started with its first message ``start``; ends with the context."""

    def __init__(self, module: str, start: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.speed.{module}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={**os.environ, **(environment or {})},
            encoding="utf-8",
        )
        self.ask(start)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=30)

    def ask(self, message: Mapping[str, Any]) -> Any:
        """Its answer; raises ``RuntimeError`` when it has none to give any more."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process to compare with ended with code {self._process.wait()}")
        return json.loads(line)


def serve(start: Callable[[Mapping[str, Any]], Callable[[Mapping[str, Any]], Any]]) -> None:
    """The companion's side: ``start`` takes the first message and gives what answers the others."""
    # What native code prints to stdout must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    answer: Callable[[Mapping[str, Any]], Any] | None = None
    for line in sys.stdin:
        message = json.loads(line)
        if answer is None:
            answer, reply = start(message), None
        else:
            reply = answer(message)
        answers.write(json.dumps(reply) + "\n")
        answers.flush()
