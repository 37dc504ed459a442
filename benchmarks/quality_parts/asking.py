"""One question through the real workflow: to the passages that were selected, or to the checked answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from benchmarks.quality_parts.question_set import Question
from benchmarks.quality_parts.shelf import Shelf
from mm_orch import resources
from mm_orch.nodes.base import Deps
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import TextEngine
from mm_orch.records.event import StepStarted
from mm_orch.records.limits import Limits
from mm_orch.records.page import Page
from mm_orch.records.passage import Passage
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.workflows.catalogue import load_all
from mm_orch.workflows.compiler import compile_workflow
from mm_orch.workflows.outcome import outcome

WORKFLOW = "search_qa"
_WRITING = ("summarize", "generate")


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question; ``result`` is None where only passages were wanted. ``seconds`` are wall-clock.

    ``pages`` were read, ``passages`` of them were given to the model.
    """

    question: Question
    pages: tuple[Page, ...]
    passages: tuple[Passage, ...]
    seconds: float
    result: WorkflowResult | None = None


class Asker:
    """Asks the shipped ``search_qa`` with one engine."""

    def __init__(self, engine: TextEngine, generation: Mapping[str, Any] | None = None) -> None:
        """``generation`` are settings that go over the workflow's, such as another ``temperature``."""
        self._engine = engine
        self._generation = generation or {}
        self._prompts = PromptLibrary.load([resources.shipped("prompts")])
        self._definition = load_all([resources.shipped("workflows")], self._prompts).get(WORKFLOW)
        self._compiled = compile_workflow(self._definition)

    def ask(self, question: Question, shelf: Shelf, *, answer: bool) -> Asked:
        """With ``answer`` to the end, else until the first step that writes."""
        return asyncio.run(self._ask(question, shelf, answer))

    async def _ask(self, question: Question, shelf: Shelf, answer: bool) -> Asked:
        started = time.monotonic()
        state = await self._state(question, shelf, answer)
        seconds = time.monotonic() - started
        result = outcome(self._definition, state, await self._engine.info(), seconds) if answer else None
        pages, passages = (tuple(state.get(key) or ()) for key in ("pages", "passages"))
        return Asked(question, pages, passages, seconds, result)

    async def _state(self, question: Question, shelf: Shelf, answer: bool) -> Mapping[str, Any]:
        inputs = self._definition.inputs_from({self._definition.query_input: question.text, "language": "auto"})
        limits = Limits(hits=shelf.hits, pages=shelf.pages, generation=self._generation)
        deps = Deps(self._engine, self._prompts, shelf.search, shelf.fetch, limits)
        state: Mapping[str, Any] = inputs
        stream = self._compiled.graph.astream(
            dict(inputs), context=deps, stream_mode=["custom", "values"], config={"recursion_limit": 100}
        )
        async with aclosing(stream) as parts:  # type: ignore[type-var]
            part: Any
            async for mode, part in parts:
                if mode == "values":
                    state = part
                elif not answer and isinstance(part, StepStarted) and part.kind in _WRITING:
                    break
        return state
