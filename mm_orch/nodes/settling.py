"""What becomes of sentences that code has checked: asked about, written again, or quoted instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mm_orch.checking.citations import CitedSentence
from mm_orch.nodes.answer_check import AnswerCheck, Checked
from mm_orch.nodes.judge import judged
from mm_orch.nodes.prompt_values import as_text
from mm_orch.nodes.repair import rewritten
from mm_orch.nodes.step_run import StepRun
from mm_orch.prompts import Prompt


async def asked_about(
    checked: Sequence[Checked], check: AnswerCheck, run: StepRun, prompt: Prompt
) -> list[Checked]:
    """The model's yes makes a sentence supported, its no drops it."""
    asked = [at for at, each in enumerate(checked) if each.shown]
    pairs = [(checked[at].text, _passage(checked[at].findings[0].passage_id, check, run)) for at in asked]
    settled = list(checked)
    for at, holds in zip(asked, await judged(run, prompt, pairs), strict=True):
        if holds:
            settled[at] = replace(settled[at], verdict="supported", reasons=())
        elif holds is False:
            reasons = ("the model finds it is not said there",)
            settled[at] = replace(settled[at], verdict="dropped", findings=(), reasons=reasons)
    return settled


async def written_again(
    checked: Sequence[Checked], check: AnswerCheck, run: StepRun, prompt: Prompt
) -> list[Checked]:
    """What failed is rewritten once from the passage that it cites, and taken where that passage then holds it."""
    failed = [at for at, each in enumerate(checked) if not each.shown and each.cited]
    pairs = [(checked[at].text, _passage(checked[at].cited[0], check, run)) for at in failed]
    settled = list(checked)
    for at, text in zip(failed, await rewritten(run, prompt, pairs), strict=True):
        again = check.sentence(CitedSentence(text, checked[at].cited))
        if again.verdict == "supported":
            settled[at] = replace(again, reasons=checked[at].reasons, repaired=True)
    return settled


def quoted_instead(checked: Sequence[Checked], check: AnswerCheck) -> list[Checked]:
    """What failed is replaced by the passage's own words where some come close, each statement once."""
    seen = {finding.quote for each in checked for finding in each.findings}
    settled: list[Checked] = []
    for each in checked:
        settled.append(each if each.shown else check.quoted(each, seen))
        seen |= {finding.quote for finding in settled[-1].findings}
    return settled


def _passage(number: int, check: AnswerCheck, run: StepRun) -> str:
    return as_text(check.evidence(number).passage, run.deps.nonce)
