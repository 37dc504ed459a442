"""Checks a draft against the passages it was written from, and makes the answer of what they hold."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from mm_orch.checking.citations import Draft, taken_apart
from mm_orch.checking.link_filter import Given, without_addresses
from mm_orch.nodes import answer_text
from mm_orch.nodes.answer_check import AnswerCheck, Checked
from mm_orch.nodes.base import ModelSize, Node, Section, Values
from mm_orch.nodes.judge import asked_about, written_again
from mm_orch.nodes.prompt_values import as_text
from mm_orch.nodes.step_run import StepRun
from mm_orch.records.answer_support import AnswerSupport
from mm_orch.records.passage import Passage

Words = Mapping[Literal["en", "zh"], str]


class AnswerWords(Section):
    """What is said around an answer: when nothing was found, before quotations, behind what is unverified."""

    refused: Words
    missing: Words
    quoted: Words
    unverified: Words


class VerifyLimits(ModelSize):
    """``judge_from`` is the number of parameters from which a model is asked whether a passage holds a sentence.

    Of a model under ``trusted_from`` only quotations are shown, and it is not left to it what answers the question.
    At most ``quotes`` passages are quoted; ``coverage`` is the least share of the question, 0..1, that they have.
    """

    judge_from: int = Field(3_000_000_000, ge=0)
    quotes: int = Field(3, ge=1, le=20)
    coverage: float = Field(0.05, ge=0, le=1)


class VerifyNode(Node):
    """Leaves out what the passages contradict, marks what is not proven, and lists the sources with quotes.

    ``overflow`` are passages that only notes were read of. Where ``coverage``, the share of the question's words
    that the passages have, is too low, or the draft has no sentence, the text says that there is no answer.
    ``judge`` and ``repair`` are prompts for models that are large enough.
    """

    slots: ClassVar[tuple[str, ...]] = ("question", "text", "passages")
    optional: ClassVar[tuple[str, ...]] = ("overflow", "coverage", "missing")
    outputs: ClassVar[tuple[str, ...]] = ("text", "sources", "support")

    kind: Literal["verify"]
    words: AnswerWords
    judge: str | None = None
    repair: str | None = None
    limits: VerifyLimits = VerifyLimits()

    def prompts_used(self) -> dict[str, str]:
        return {name: each for name, each in (("judge", self.judge), ("repair", self.repair)) if each}

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        passages: list[Passage] = [*(self.given(state, "passages") or ()), *(self.given(state, "overflow") or ())]
        question = as_text(self.given(state, "question"))
        given = Given(question, "\n".join(f"{each.title}\n{each.text}" for each in passages))
        draft = self._draft(as_text(self.given(state, "text")), given, passages, run)
        coverage = self.given(state, "coverage")
        unanswered = not draft.sentences and not await self.limits.is_small(run)
        if unanswered or (coverage is not None and coverage < self.limits.coverage):
            return await self._refusal(state, question, run)
        check = await asyncio.to_thread(AnswerCheck, passages, question)
        checked = await asyncio.to_thread(lambda: [check.sentence(each) for each in draft.sentences])
        checked = await self._settled(checked, check, run)
        if not any(each.shown for each in checked):
            if not check.closest(1):
                return await self._refusal(state, question, run)
            return await self._quotations(checked, check, passages, given, run)
        return await self._answer(checked, passages, given, run)

    def _draft(self, text: str, given: Given, passages: Sequence[Passage], run: StepRun) -> Draft:
        text, removed = without_addresses(text, given)
        if removed:
            run.warn("addresses_taken_out", count=removed)
        draft = taken_apart(text, {passage.id for passage in passages})
        if draft.unknown:
            numbers = ", ".join(f"[{number}]" for number in draft.unknown)
            run.warn("citations_removed", numbers=numbers)
        return draft

    async def _settled(self, checked: list[Checked], check: AnswerCheck, run: StepRun) -> list[Checked]:
        """What is left of the sentences once they are asked about, written again, or replaced by quotations."""
        if await run.has_at_least(self.limits.judge_from):
            ask = run.deps.prompts.get(self.judge) if self.judge else None
            if ask:
                checked = await asked_about(checked, check, run, ask)
            if self.repair:
                checked = await written_again(checked, check, run, run.deps.prompts.get(self.repair), ask)
        if not await self.limits.is_small(run):
            return _distinct(await asyncio.to_thread(_quoted_instead, checked, check))
        checked = [_if_quoted(each) for each in checked]
        return _distinct(await asyncio.to_thread(lambda: check.to_the_point(_quoted_instead(checked, check))))

    async def _answer(
        self, checked: Sequence[Checked], passages: Sequence[Passage], given: Given, run: StepRun
    ) -> dict[str, Any]:
        numbers = answer_text.numbered(checked)
        findings = [finding for each in checked if each.shown for finding in each.findings]
        text = answer_text.answer(checked, numbers, _in(self.words.unverified, run), given)
        support = AnswerSupport(tuple(each.record(numbers) for each in checked))
        if support.left_out:
            run.warn("sentences_left_out", dropped=support.left_out, count=len(checked))
        return await self._told(text, answer_text.sources(findings, numbers, passages), support, run)

    async def _quotations(
        self,
        checked: Sequence[Checked],
        check: AnswerCheck,
        passages: Sequence[Passage],
        given: Given,
        run: StepRun,
    ) -> dict[str, Any]:
        found = check.closest(self.limits.quotes)
        numbers = {finding.passage_id: number for number, finding in enumerate(found, 1)}
        quotations = answer_text.quotations(found, [check.passage(each.passage_id) for each in found], given)
        text = f"{_in(self.words.quoted, run)}\n\n{quotations}"
        support = AnswerSupport(tuple(each.record({}) for each in checked), quoted_only=True)
        run.degrade("only_quotes")
        return await self._told(text, answer_text.sources(found, numbers, passages), support, run)

    async def _refusal(self, state: Values, question: str, run: StepRun) -> dict[str, Any]:
        text = f"{_in(self.words.refused, run)} {' '.join(question.split())}"
        missing = [as_text(word) for word in self.given(state, "missing") or ()]
        if missing:
            text += f"\n\n{_in(self.words.missing, run)} {', '.join(missing)}"
        run.degrade("not_answered")
        return await self._told(text, [], AnswerSupport(), run)

    async def _told(self, text: str, sources: list[Any], support: AnswerSupport, run: StepRun) -> dict[str, Any]:
        notice = _in((await run.info()).notice, run)
        text = f"{notice}\n\n{text}" if notice else text
        run.text(text)
        return {"text": text, "sources": sources, "support": support}


def _in(words: Mapping[Any, str], run: StepRun) -> str:
    return words.get("zh" if run.language == "zh" else "en") or next(iter(words.values()), "")


def _if_quoted(checked: Checked) -> Checked:
    """A small model's sentence, left out where it is in its own words."""
    return checked if checked.verdict != "unverified" else checked.left_out("the model is too small for own words")


def _quoted_instead(checked: Sequence[Checked], check: AnswerCheck) -> list[Checked]:
    """What is not shown is replaced by the passage's own words where some come close, each statement once."""
    seen = {finding.quote for each in checked for finding in each.findings if each.verdict == "supported"}
    settled: list[Checked] = []
    for each in checked:
        settled.append(each if each.shown else check.quoted(each, seen))
        seen |= {finding.quote for finding in settled[-1].findings}
    return settled


def _distinct(checked: Sequence[Checked]) -> list[Checked]:
    """Without what says the same again, word for word."""
    return list({(each.text, each.verdict): each for each in reversed(checked)}.values())[::-1]
