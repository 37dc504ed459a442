"""Many requests at once, as text or as structures of a schema; a blank or broken-off one is tried once more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mm_orch.nodes import structure
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.truncation import whole_sentences
from mm_orch.records.generation import GenerationRequest, GenerationResult

_MORE = 2  # times the tokens, the second time
_WARMER = 0.5  # temperature, the second time: at 0 the same words would come again


async def write_texts(run: StepRun, requests: Sequence[GenerationRequest]) -> list[str]:
    """The texts; one that hit its limit ends with its last whole sentence."""
    return [_text(result) for result in await run.complete(requests)]


async def write_texts_twice(run: StepRun, requests: Sequence[GenerationRequest]) -> list[str]:
    """As ``write_texts``; a blank one is asked for once more, and comes with a warning if it stays blank."""
    results = await _at_most_twice(run, requests, lambda result: bool(_text(result)))
    texts = [_text(result) for result in results]
    for number in (number for number, text in enumerate(texts, 1) if not text):
        run.degrade("part_blank", step=run.id, part=number, total=len(texts))
    return texts


async def write_structures(
    run: StepRun, requests: Sequence[GenerationRequest], schema: Mapping[str, Any]
) -> list[Any]:
    """A value of ``schema`` for each request.

    What was broken off at its token limit is asked for again with more tokens, what has blanks once more. If that
    fails too, what there is comes with blanks for the rest, and a warning.
    """
    results = await _at_most_twice(
        run, requests, lambda result: _whole(result) and structure.is_full(structure.parse(result.text), schema)
    )
    return [_value(run, result, schema, number, len(results)) for number, result in enumerate(results, 1)]


async def _at_most_twice(
    run: StepRun, requests: Sequence[GenerationRequest], is_good: Callable[[GenerationResult], bool]
) -> list[GenerationResult]:
    results = await run.complete(requests)
    again = [at for at, result in enumerate(results) if not is_good(result)]
    if again:
        most = max(1, await run.context_length() // 2)
        second = await run.complete([_second(requests[at], results[at], most) for at in again])
        for at, result in zip(again, second, strict=True):
            results[at] = result
    return results


def _text(result: GenerationResult) -> str:
    return whole_sentences(result.text) if result.finish_reason == "length" else result.text.strip()


def _whole(result: GenerationResult) -> bool:
    return result.finish_reason != "length" and structure.parse(result.text) is not None


def _second(request: GenerationRequest, result: GenerationResult, most: int) -> GenerationRequest:
    """The request once more: with more tokens where they ran out, else warm enough for other words."""
    config = request.config
    if result.finish_reason == "length":
        config = config.replace(max_tokens=min(config.max_tokens * _MORE, most))
    else:
        seed = None if config.seed is None else config.seed + 1
        config = config.replace(temperature=max(config.temperature, _WARMER), seed=seed)
    return GenerationRequest(request.prompt, config, request.trim_history, request.max_history_tokens)


def _value(run: StepRun, result: GenerationResult, schema: Mapping[str, Any], number: int, total: int) -> Any:
    if _whole(result):
        value = structure.parse(result.text)
        if not structure.is_full(value, schema):
            run.degrade("left_something_out", step=run.id, part=number, total=total)
        return structure.filled(value, schema)
    tokens = result.usage.completion_tokens
    run.degrade("broken_off", step=run.id, part=number, total=total, tokens=tokens)
    return structure.filled(structure.salvage(result.text), schema)
