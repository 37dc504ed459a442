"""Part ``decode``: one stream, against llama.cpp alone, the high-level class, and no process boundary."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from benchmarks.speed import peers
from benchmarks.speed.companion import Companion
from benchmarks.speed.rig import WARM_UP, Rig
from benchmarks.speed.rounds import Measure, Rounds, alternate
from benchmarks.speed.row import Row
from mm_orch.engine.wire import encode_request, encode_spec
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.runtime import model_loader

N_TOKENS = 128
_QUESTION = "Tell the history of the printing press in as much detail as you can."
# The same for all who sample; llama-bench does not sample at all.
_SAMPLING = {"temperature": 0.7, "top_k": 40, "top_p": 0.95, "min_p": 0.05, "repeat_penalty": 1.1}


def decode(rig: Rig) -> Iterator[Row]:
    with ExitStack() as stack:
        measured = alternate(_contestants(rig, stack), rig.rounds, rig.patience_s)
    if peers.llama_bench():
        yield _row(measured, "MuAI", "llama-bench", 0.95)
    yield _row(measured, "MuAI, whole answer", "create_chat_completion", 1.2)
    yield _row(measured, "MuAI", "in-process", 0.95)


def _contestants(rig: Rig, stack: ExitStack) -> dict[str, Measure]:
    program = peers.llama_bench()
    high = stack.enter_context(
        Companion("high_level", {"path": rig.path, "n_ctx": rig.n_ctx, "threads": rig.threads})
    )
    prompt = rig.numbers(16)
    request = GenerationRequest(prompt, GenerationConfig(max_tokens=N_TOKENS, logit_bias=rig.ends, **_SAMPLING))
    contestants: dict[str, Measure] = {
        "MuAI": lambda: rig.decode_speed(prompt, N_TOKENS, logit_bias=rig.ends, **_SAMPLING),
        "in-process": lambda: _in_process_speed(rig, request),
        "MuAI, whole answer": lambda: _answer_speed(rig),
        "create_chat_completion": lambda: float(high.ask(_chat(rig))),
    }
    if program:
        contestants["llama-bench"] = lambda: peers.decode_speed(program, rig, N_TOKENS)
    return contestants


def _in_process_speed(rig: Rig, request: GenerationRequest) -> float:
    """The loop with the environment that the engine gives its child, and as fresh as that one."""
    config = rig.engine.tokenizer.model.config
    spec = model_loader.load_spec(config, model_loader.resolve(config))
    spins = {"GOMP_SPINCOUNT": os.environ.get("GOMP_SPINCOUNT", "20000")}
    warm_up = GenerationRequest(WARM_UP, GenerationConfig(max_tokens=4))
    with Companion("in_process", {"spec": encode_spec(spec)}, spins) as inside:
        return float(inside.ask({"warm_up": encode_request(warm_up), "request": encode_request(request)}))


def _chat(rig: Rig) -> dict[str, Any]:
    messages = [{"role": "user", "content": _QUESTION}]
    return {"messages": messages, "max_tokens": N_TOKENS, "seed": rig.seeds.randrange(1 << 30), **_SAMPLING}


def _answer_speed(rig: Rig) -> float:
    """Both have the question in their cells from an earlier round."""
    rig.refresh()
    rig.engine.chat_completion(**{**_chat(rig), "max_tokens": 1})
    started = time.monotonic()
    reply = rig.engine.chat_completion(**_chat(rig))
    return float(reply["usage"]["completion_tokens"] / (time.monotonic() - started))


def _row(measured: Rounds, one: str, other: str, goal: float) -> Row:
    pairs = measured.pairs(one, other)
    note = f"{measured.median(one):.0f} and {measured.median(other):.0f} tokens/s"
    return Row.of_pairs("decode", f"{one} / {other}", pairs, goal, disturbed=measured.disturbed, note=note)
