"""Chooses what the model will read: of all pages the passages that suit the question, as many as fit."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, Literal

from pydantic import Field

from mm_orch.nodes import context_budget
from mm_orch.nodes.base import ModelSize, Node, Values
from mm_orch.nodes.prompt_values import as_text
from mm_orch.nodes.step_run import StepRun
from mm_orch.records.page import Page
from mm_orch.retrieval.selection import choose


class SelectLimits(ModelSize):
    """At most so many ``passages``, of so many ``tokens`` together; ``answer_tokens`` are kept for the answer.

    A model of fewer than ``trusted_from`` parameters gets ``small_tokens`` at most: more confuses it.
    ``covered_from`` is the share of the question, 0..1, from which the passages cover it. On the dev half of the
    question sets 24 (en) and 23 (zh) of 28 questions with an answer reach it, and 1 and 2 of 9 without one; 26 and
    25 would reach 0.66, but 3 and 6 of those without.
    """

    passages: int = Field(8, ge=1, le=200)
    tokens: int = Field(2400, ge=16, le=1 << 20)
    small_tokens: int = Field(1200, ge=16, le=1 << 20)
    answer_tokens: int = Field(300, ge=1, le=1 << 20)
    covered_from: float = Field(0.72, ge=0, le=1)


class SelectNode(Node):
    """Ranks the passages of all pages against the question and keeps those that fit, counted by the model.

    ``prompt`` is the id of the prompt that will hold them, ``also`` other words for the question. ``coverage`` is
    the share of what the question asks about that the best page's passages have, 0..1, ``missing`` the words they
    lack; ``covered`` is empty while too much is missing. ``overflow`` are passages that were worth reading and did
    not fit the context.
    """

    slots: ClassVar[tuple[str, ...]] = ("pages", "question")
    optional: ClassVar[tuple[str, ...]] = ("also",)
    outputs: ClassVar[tuple[str, ...]] = ("passages", "ledger", "covered", "coverage", "missing", "overflow")

    kind: Literal["select"]
    prompt: str
    limits: SelectLimits = SelectLimits()

    def prompts_used(self) -> dict[str, str]:
        return {"prompt": self.prompt}

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        pages: list[Page] = list(self.given(state, "pages") or [])
        question = as_text(self.given(state, "question"))
        also = as_text(self.given(state, "also"))
        chosen = await asyncio.to_thread(choose, pages, question, self.limits.passages, also)
        if chosen.ranked and not chosen.matched:
            run.degrade("no_word_in_passages")
        answer = run.deps.limits.generation.get("max_tokens", self.limits.answer_tokens)
        small = await self.limits.is_small(run)
        tokens = min(self.limits.tokens, self.limits.small_tokens) if small else self.limits.tokens
        wanted = context_budget.Wanted(tokens, answer)
        prompt = run.deps.prompts.get(self.prompt)
        filled = await context_budget.fill(run, prompt, question, chosen.ranked, wanted)
        for passage, reason in chosen.cut:
            filled.ledger.cut("passage", context_budget.name(passage), 0, reason)
        found = chosen.coverage([*filled.passages, *filled.overflow])
        return {
            "passages": filled.passages,
            "ledger": filled.ledger.closed(),
            "covered": f"{found.share:.2f}" if found.share >= self.limits.covered_from else "",
            "coverage": found.share,
            "missing": list(found.missing),
            "overflow": filled.overflow,
        }
