"""Part ``head``: eight cold prompts that share a head come together; how many tokens are evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.speed.rig import Rig
from benchmarks.speed.row import Row
from mm_orch.engine.prefix_cache import common_length

_N_PROMPTS, _N_HEAD, _N_TAIL = 8, 400, 12


def head(rig: Rig) -> Iterator[Row]:
    """The least that can be evaluated is the head once and every tail; counted, so no round disturbs another."""
    pairs, note = [], ""
    for _ in range(rig.rounds):
        shared = rig.numbers(_N_HEAD)
        prompts = [f"{shared}\n{rig.numbers(_N_TAIL)}" for _ in range(_N_PROMPTS)]
        results = rig.engine.batch_generate(prompts, max_tokens=2)
        evaluated = sum(result.usage.prompt_tokens - result.usage.cached_tokens for result in results)
        asked = sum(result.usage.prompt_tokens for result in results)
        needed = _least([rig.engine.tokenizer.encode(prompt) for prompt in prompts])
        pairs.append(evaluated / needed)
        note = f"{evaluated} tokens evaluated of {asked} asked; {needed} are needed"
    what = f"evaluated / needed, {_N_PROMPTS} prompts with {_N_HEAD} tokens in common"
    yield Row.of_pairs("head", what, pairs, 1.01, at_most=True, note=note)


def _least(prompts: Sequence[list[int]]) -> int:
    shared = min(common_length(prompts[0], prompt) for prompt in prompts[1:])
    return shared + sum(len(prompt) - shared for prompt in prompts)
