"""What to search for: a follow-up made to stand alone, other words on the second round, typed addresses."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from mm_orch.errors import EngineError
from mm_orch.language.addresses import web_addresses
from mm_orch.language.content_words import content_words
from mm_orch.nodes.base import Node, Section, Values
from mm_orch.nodes.prompt_values import as_text
from mm_orch.nodes.step_run import StepRun
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message
from mm_orch.records.search import Hit
from mm_orch.retrieval.follow_up import is_follow_up, joined, stands_alone
from mm_orch.retrieval.search_words import other_words, search_words

logger = logging.getLogger(__name__)
_TURNS = 4  # messages of the history that a model is shown
_TURN = 400  # characters of each
_SAYS = re.compile(r"\w")


class QueryLimits(Section):
    """A model of at least ``rewrite_from`` parameters is asked; ``max_tokens`` is what it may write."""

    rewrite_from: int = Field(1_000_000_000, ge=0)
    max_tokens: int = Field(64, ge=8, le=1024)


class QueryNode(Node):
    """Writes the question that stands alone, the words to search for, and hits for addresses in the question.

    On a later round (``asked`` holds earlier queries) it searches for other words, those ``missing`` first.
    ``standalone`` and ``expand`` are prompts for a model that is large enough: a follow-up with its ``history``
    in one question, and other words for a question. What it writes is checked; without it code does both.
    ``also`` are words that the model brought.
    """

    slots: ClassVar[tuple[str, ...]] = ("question",)
    optional: ClassVar[tuple[str, ...]] = ("history", "missing", "asked")
    outputs: ClassVar[tuple[str, ...]] = ("question", "query", "typed", "asked", "also")

    kind: Literal["query"]
    standalone: str | None = None
    expand: str | None = None
    limits: QueryLimits = QueryLimits()

    def prompts_used(self) -> dict[str, str]:
        return {name: each for name, each in (("standalone", self.standalone), ("expand", self.expand)) if each}

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        typed = web_addresses(as_text(self.given(state, "question")))
        own = _without(as_text(self.given(state, "question")), typed)
        question = await self._standalone(own, list(self.given(state, "history") or []), run)
        asked: list[str] = list(self.given(state, "asked") or [])
        also = await self._expanded(question, run) if asked else ""
        if asked:
            query = other_words(question, self.given(state, "missing") or (), asked, also)
        else:
            query = search_words(question)
            if question and not content_words(question):
                run.warn("no_subject")
        hits = [Hit(url, "", provider="typed") for url in typed]
        return {
            "question": question or " ".join(typed),
            "query": query,
            "typed": hits,
            "asked": [*asked, query],
            "also": also,
        }

    async def _standalone(self, question: str, history: Sequence[Message], run: StepRun) -> str:
        earlier = [turn.content for turn in history if turn.role == "user"]
        if not earlier or not question or not is_follow_up(question):
            return question
        if self.standalone:
            turns = history[-_TURNS:]
            said = "\n".join(f"{turn.role}: {' '.join(turn.content.split())[:_TURN]}" for turn in turns)
            written = await self._asked(run, self.standalone, {"question": question, "history": said})
            if stands_alone(written, question, [turn.content for turn in turns]):
                return written.strip()
            logger.info("step %r: the question is joined to the one before it", self.id)
        return joined(question, earlier)

    async def _expanded(self, question: str, run: StepRun) -> str:
        if not self.expand:
            return ""
        written = await self._asked(run, self.expand, {"question": question})
        return "" if "://" in written else " ".join(written.split())

    async def _asked(self, run: StepRun, prompt_id: str, values: dict[str, str]) -> str:
        """What the model writes; nothing when it is too small, or fails."""
        if not await run.has_at_least(self.limits.rewrite_from):
            return ""
        messages = run.deps.prompts.get(prompt_id).messages(run.language, values)
        config = GenerationConfig(max_tokens=self.limits.max_tokens, temperature=0)
        try:
            [result] = await run.complete([GenerationRequest(messages, config, trim_history=True)])
        except EngineError as error:
            run.warn("model_not_asked", step=self.id, error=error)
            return ""
        return result.text


def _without(question: str, typed: Sequence[str]) -> str:
    """``question`` without those addresses, of which one may begin another; empty where no word is left."""
    for url in sorted(typed, key=len, reverse=True):
        question = question.replace(url, " ")
    return " ".join(question.split()) if not typed or _SAYS.search(question) else ""
