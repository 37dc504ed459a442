"""The program run in this process, with standard streams of its own."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

from mm_orch import main


@dataclass(frozen=True, slots=True)
class Ran:
    """What a line of words led to."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


def muai(*words: str, stdin: str = "") -> Ran:
    """Run ``muai words`` with ``stdin`` piped in."""
    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.StringIO(stdin)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main.run(list(words))
    finally:
        sys.stdin = before
    return Ran(code, out.getvalue(), err.getvalue())
