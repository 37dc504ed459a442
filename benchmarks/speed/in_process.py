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
        started = time.monotonic()
        engine.submit(1, decode_request(asked["request"]), started)
        while True:
            for event in engine.step():
                if isinstance(event.what, GenerationResult):
                    return rate([event.what], time.monotonic() - started)

    return answer


if __name__ == "__main__":
    serve(start)
