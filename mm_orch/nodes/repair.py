"""Has sentences that a passage does not hold written once more, all at once, so that they say only what it says."""

from __future__ import annotations

from collections.abc import Sequence

from mm_orch.checking.citations import taken_apart
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.writing_all import write_texts
from mm_orch.prompts import Prompt
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.generation_config import GenerationConfig

_WRITING = GenerationConfig(max_tokens=96, temperature=0, stop=("\n",))


async def rewritten(run: StepRun, prompt: Prompt, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """A new sentence for each (sentence, passage text), without numbers in brackets."""
    values = [{"sentence": sentence, "passage": passage} for sentence, passage in pairs]
    requests = [GenerationRequest(prompt.messages(run.language, each), _WRITING) for each in values]
    return [_without_numbers(text) for text in await write_texts(run, requests)] if requests else []


def _without_numbers(text: str) -> str:
    draft = taken_apart(text, ())
    return " ".join([*(sentence.text for sentence in draft.sentences), draft.rest]).strip()
