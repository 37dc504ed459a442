"""A companion that runs the child's own loop without child and pipe: what the process boundary costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.speed.companion import serve
from mm_orch.engine.engine import Engine
from mm_orch.engine.wire import decode_request, decode_spec
from mm_orch.records.generation import GenerationResult
from mm_orch.runtime.speed import rate


def start(message: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], float]:
    engine = Engine(decode_spec(message["spec"]))

    def answer(asked: Mapping[str, Any]) -> float:
        """Tokens a second of one stream after its first token."""
        _write(engine, asked["warm_up"])
        started = time.monotonic()
        return rate([_write(engine, asked["request"])], time.monotonic() - started)

    return answer


def _write(engine: Engine, request: Mapping[str, Any]) -> GenerationResult:
    engine.submit(1, decode_request(request), time.monotonic())
    while True:
        for event in engine.step():
            if isinstance(event.what, GenerationResult):
                return event.what


if __name__ == "__main__":
    serve(start)
