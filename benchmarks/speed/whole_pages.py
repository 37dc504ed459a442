"""A companion that answers from whole pages with ``Llama.create_chat_completion``: one a page, then one for all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.speed.companion import serve


def start(message: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """``path``, ``n_ctx`` and ``threads`` of the model."""
    from llama_cpp import Llama

    class Counting(Llama):
        """Counts what is really computed: not what ``Llama`` finds unchanged from its last prompt."""

        computed = 0

        def eval(self, tokens: Sequence[int]) -> None:
            self.computed += len(tokens)
            super().eval(tokens)

    model = Counting(
        message["path"],
        n_ctx=message["n_ctx"],
        n_threads=message["threads"],
        n_threads_batch=message["threads"],
        n_gpu_layers=-1,
        verbose=False,
    )

    def complete(asked: Mapping[str, Any], user: str, max_tokens: int) -> tuple[str, int]:
        messages = [{"role": "system", "content": asked["system"]}, {"role": "user", "content": user}]
        reply: Any = model.create_chat_completion(messages=messages, max_tokens=max_tokens, temperature=0.0)
        return reply["choices"][0]["message"]["content"], reply["usage"]["completion_tokens"]

    def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
        """The answer, the seconds it took and the tokens that were evaluated and written for it."""
        started, model.computed, written = time.monotonic(), 0, 0
        notes = []
        for number, user in enumerate(asked["summaries"], start=1):
            text, count = complete(asked, user, asked["summary_tokens"])
            notes.append(f"[{number}] {text.strip()}")
            written += count
        user = asked["answer"].replace("{summaries}", "\n\n".join(notes))
        text, count = complete(asked, user, asked["answer_tokens"])
        written += count
        seconds = time.monotonic() - started
        return {"answer": text, "seconds": seconds, "evaluated": model.computed - written, "written": written}

    return answer


if __name__ == "__main__":
    serve(start)
