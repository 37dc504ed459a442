"""A companion that answers with ``Llama.create_chat_completion``, as a Python user without MuAI would."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.speed.companion import serve


def start(message: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], float]:
    from llama_cpp import Llama

    model = Llama(
        message["path"],
        n_ctx=message["n_ctx"],
        n_threads=message["threads"],
        n_threads_batch=message["threads"],
        n_gpu_layers=-1,
        verbose=False,
    )

    def answer(asked: Mapping[str, Any]) -> float:
        """Tokens a second of the whole answer, the prompt's time included."""
        started = time.monotonic()
        reply: Any = model.create_chat_completion(**asked)
        return float(reply["usage"]["completion_tokens"] / (time.monotonic() - started))

    return answer


if __name__ == "__main__":
    serve(start)
