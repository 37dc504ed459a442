"""What a model that is large enough does about sentences: says whether their passages hold them, writes them again.

All sentences are asked about at once, each with one passage.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from mm_orch.checking.citations import CitedSentence, taken_apart
from mm_orch.nodes.answer_check import AnswerCheck, Checked
from mm_orch.nodes.prompt_values import as_text
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.writing_all import write_texts
from mm_orch.prompts import Prompt
from mm_orch.records.generation import GenerationRequest, GenerationResult
from mm_orch.records.generation_config import GenerationConfig

_TOP = 20  # likeliest tokens that are looked through: "Yes", " yes" and "YES" are three of them
_YES, _NO = ("yes", "是", "y"), ("no", "否", "不", "n")
_ASK = GenerationConfig(max_tokens=1, temperature=0, logprobs=_TOP)
_WRITE = GenerationConfig(max_tokens=96, temperature=0, stop=("\n",))

Pair = tuple[str, str]
"""A sentence and the text of a passage."""


async def judged(run: StepRun, prompt: Prompt, pairs: Sequence[Pair]) -> list[bool | None]:
    """For each pair whether yes is likelier than no; None where the model says neither."""
    requests = _requests(run, prompt, pairs, _ASK)
    return [_answer(result) for result in await run.complete(requests)] if requests else []


async def rewritten(run: StepRun, prompt: Prompt, pairs: Sequence[Pair]) -> list[str]:
    """A new sentence for each pair, without numbers in brackets."""
    requests = _requests(run, prompt, pairs, _WRITE)
    return [_without_numbers(text) for text in await write_texts(run, requests)] if requests else []


async def asked_about(
    checked: Sequence[Checked], check: AnswerCheck, run: StepRun, prompt: Prompt
) -> list[Checked]:
    """The model's yes makes an unverified sentence supported; its no is one more reason to mark it."""
    asked = [at for at, each in enumerate(checked) if each.text and each.verdict == "unverified" and each.findings]
    pairs = [(checked[at].text, _passage(checked[at].findings[0].passage_id, check, run)) for at in asked]
    told = list(checked)
    for at, holds in zip(asked, await judged(run, prompt, pairs), strict=True):
        if holds:
            told[at] = replace(told[at], verdict="supported", reasons=())
        elif holds is False:
            told[at] = replace(told[at], reasons=(*told[at].reasons, "the model finds it is not said there"))
    return told


async def written_again(
    checked: Sequence[Checked], check: AnswerCheck, run: StepRun, prompt: Prompt, ask: Prompt | None
) -> list[Checked]:
    """What is not shown is rewritten once from the passage that it cites, and taken where that is then supported.

    ``ask`` is the prompt that asks whether it is.
    """
    failed = [at for at, each in enumerate(checked) if not each.shown and each.cited]
    pairs = [(checked[at].text, _passage(checked[at].cited[0], check, run)) for at in failed]
    texts = await rewritten(run, prompt, pairs)
    again = [check.sentence(CitedSentence(text, checked[at].cited)) for at, text in zip(failed, texts, strict=True)]
    if ask:
        again = await asked_about(again, check, run, ask)
    settled = list(checked)
    for at, each in zip(failed, again, strict=True):
        if each.verdict == "supported":
            settled[at] = replace(each, reasons=checked[at].reasons, repaired=True)
    return settled


def _requests(
    run: StepRun, prompt: Prompt, pairs: Sequence[Pair], config: GenerationConfig
) -> list[GenerationRequest]:
    values = [{"sentence": sentence, "passage": passage} for sentence, passage in pairs]
    return [GenerationRequest(prompt.messages(run.language, each), config) for each in values]


def _answer(result: GenerationResult) -> bool | None:
    top = (result.logprobs[0].top if result.logprobs else ()) or ((result.text, 0.0),)
    yes, no = (sum(math.exp(value) for token, value in top if _is(token, words)) for words in (_YES, _NO))
    return None if yes == no else yes > no


def _is(token: str, words: Sequence[str]) -> bool:
    return token.strip().casefold().rstrip(".。") in words


def _without_numbers(text: str) -> str:
    draft = taken_apart(text, ())
    return " ".join([*(sentence.text for sentence in draft.sentences), draft.rest]).strip()


def _passage(number: int, check: AnswerCheck, run: StepRun) -> str:
    return as_text(check.passage(number), run.deps.nonce)
