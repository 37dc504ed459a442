"""Part ``memory``: what MuAI itself takes beside a loaded model, and what the model's process takes beyond it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.speed.companion import Companion, serve
from benchmarks.speed.rig import Rig
from benchmarks.speed.row import Row
from mm_orch.engine import gguf
from mm_orch.records.load_spec import LoadSpec
from mm_orch.runtime.resident import resident_bytes

_MEGA = 1e6


def memory(rig: Rig) -> Iterator[Row]:
    """In megabytes (10⁶ bytes) resident, after an answer to a query through the router and a workflow."""
    start = {"path": rig.path, "threads": rig.threads, "n_ctx": rig.n_ctx}
    with Companion("memory", start) as app:
        found = app.ask({})
    weights, cells = _weights(rig), _cells(rig)
    yield Row("memory", "MuAI's own process, MB", found["parent"] / _MEGA, 130, at_most=True)
    over = (found["child"] - weights - cells) / _MEGA
    note = f"{found['child'] / _MEGA:.0f} = {weights / _MEGA:.0f} weights + {cells / _MEGA:.0f} KV + {over:.0f}"
    yield Row("memory", "the model's process beyond weights and KV, MB", over, 150, at_most=True, note=note)


def _weights(rig: Rig) -> int:
    header = gguf.read_header(rig.path)
    return sum(part.file_size - part.data_offset for part in gguf.parts(header))


def _cells(rig: Rig) -> int:
    return int(gguf.estimate(rig.path, LoadSpec(rig.path, n_ctx=rig.n_ctx, n_threads=1)).cells)


def start(message: Mapping[str, Any]) -> Any:
    from mm_orch import app, parts, settings
    from mm_orch.records.query import Query
    from mm_orch.runtime.inference_engine import InferenceEngine

    engine = {"engine.threads": message["threads"], "engine.ctx_size": message["n_ctx"]}
    overrides = {"real_models": True, "model": message["path"], "offline": True, "generation.max_tokens": 16}
    built = app.build(settings.load(overrides=overrides | engine), store=parts.open_store(keep=False))

    def answer(_asked: Mapping[str, Any]) -> dict[str, int]:
        built.run(Query("Hello", "chat_generate"))
        assert isinstance(built.engine, InferenceEngine)
        with built.engine.tokenizer.model.use() as (process, _):
            return {"parent": resident_bytes(os.getpid()), "child": resident_bytes(process.pid or 0)}

    return answer


if __name__ == "__main__":
    serve(start)
