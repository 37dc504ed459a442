"""Asks a model that is large enough, for many sentences at once, whether a passage says what a sentence says."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mm_orch.nodes.step_run import StepRun
from mm_orch.prompts import Prompt
from mm_orch.records.generation import GenerationRequest, GenerationResult
from mm_orch.records.generation_config import GenerationConfig

_TOP = 20
_YES, _NO = ("yes", "是", "y"), ("no", "否", "不", "n")
_ASK = GenerationConfig(max_tokens=1, temperature=0, logprobs=_TOP)


async def judged(run: StepRun, prompt: Prompt, pairs: Sequence[tuple[str, str]]) -> list[bool | None]:
    """For each (sentence, passage text) whether yes is likelier than no; None where the model says neither."""
    values = [{"sentence": sentence, "passage": passage} for sentence, passage in pairs]
    requests = [GenerationRequest(prompt.messages(run.language, each), _ASK) for each in values]
    return [_answer(result) for result in await run.complete(requests)] if requests else []


def _answer(result: GenerationResult) -> bool | None:
    top = (result.logprobs[0].top if result.logprobs else ()) or ((result.text, 0.0),)
    yes, no = (sum(math.exp(value) for token, value in top if _is(token, words)) for words in (_YES, _NO))
    return None if yes == no else yes > no


def _is(token: str, words: Sequence[str]) -> bool:
    return token.strip().casefold().rstrip(".。") in words
