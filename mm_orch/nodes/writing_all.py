"""Many requests at once, as text or as structures of a schema; a broken-off structure is tried once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mm_orch.nodes import structure
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.truncation import whole_sentences
from mm_orch.records.generation import GenerationRequest, GenerationResult

_MORE = 2  # times the tokens, the second time


async def write_texts(run: StepRun, requests: Sequence[GenerationRequest]) -> list[str]:
    """The texts; one that hit its limit ends with its last whole sentence."""
    results = await run.complete(requests)
    return [_text(result) for result in results]


async def write_structures(
    run: StepRun, requests: Sequence[GenerationRequest], schema: Mapping[str, Any]
) -> list[Any]:
    """A value of ``schema`` for each request.

    What was broken off at its token limit is asked for again with more tokens. If that fails too, what there is
    comes with blanks for the rest, and a warning.
    """
    results = await run.complete(requests)
    again = [at for at, result in enumerate(results) if not _whole(result)]
    if again:
        most = max(1, await run.context_length() // 2)
        longer = [_longer(requests[at], most) for at in again]
        for at, result in zip(again, await run.complete(longer), strict=True):
            results[at] = result
    return [_value(run, result, schema, number, len(results)) for number, result in enumerate(results, 1)]


def _text(result: GenerationResult) -> str:
    return whole_sentences(result.text) if result.finish_reason == "length" else result.text.strip()


def _whole(result: GenerationResult) -> bool:
    return result.finish_reason != "length" and structure.parse(result.text) is not None


def _longer(request: GenerationRequest, most: int) -> GenerationRequest:
    config = request.config.replace(max_tokens=min(request.config.max_tokens * _MORE, most))
    return GenerationRequest(request.prompt, config, request.trim_history, request.max_history_tokens)


def _value(run: StepRun, result: GenerationResult, schema: Mapping[str, Any], number: int, total: int) -> Any:
    if _whole(result):
        value = structure.parse(result.text)
        filled = structure.filled(value, schema)
        if filled != value:
            run.degrade("left_something_out", step=run.id, part=number, total=total)
        return filled
    tokens = result.usage.completion_tokens
    run.degrade("broken_off", step=run.id, part=number, total=total, tokens=tokens)
    return structure.filled(structure.salvage(result.text), schema)
