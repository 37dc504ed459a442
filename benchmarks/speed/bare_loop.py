"""A companion that is the bare loop over llama_cpp's low-level functions: one sequence, no cache, no text."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.speed.companion import serve
from mm_orch.engine.decoder import BatchToken
from mm_orch.engine.native.context import Context
from mm_orch.engine.native.library import NativeLog, native
from mm_orch.engine.native.model import Model
from mm_orch.engine.native.sampling import build_chain
from mm_orch.engine.wire import decode_spec
from mm_orch.records.generation_config import GenerationConfig


def start(message: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], float]:
    spec, log = decode_spec(message["spec"]), NativeLog()
    model = Model(spec, spec.n_gpu_layers or 0, log)
    context = Context(model, spec, 1, log)
    n_vocab = int(native.llama_vocab_n_tokens(model.vocabulary))
    chain = build_chain(GenerationConfig(), n_vocab, spec.n_ctx)
    draw = random.Random(1)
    depth, n_new = message["depth"], message["n_new"]

    def evaluate(first: int, count: int) -> None:
        for begin in range(first, first + count, spec.n_batch):
            end = min(begin + spec.n_batch, first + count)
            tokens = [BatchToken(draw.randrange(n_vocab), at, 0, at == end - 1) for at in range(begin, end)]
            assert context.decode(tokens) == 0

    evaluate(0, depth)

    def answer(_asked: Mapping[str, Any]) -> float:
        """Seconds to evaluate the new tokens and sample one."""
        context.remove(0, depth)
        started = time.monotonic()
        evaluate(depth, n_new)
        native.llama_sampler_sample(chain, context.pointer, -1)
        return time.monotonic() - started

    return answer


if __name__ == "__main__":
    serve(start)
