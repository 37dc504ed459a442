"""One step while it runs: its way to the model, and what it reports (events, warnings, usage)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from mm_orch.nodes.base import Deps
from mm_orch.records.engine_info import EngineInfo
from mm_orch.records.event import StepDraft, StepProgress, StepPrompt, StepText, WorkflowEvent
from mm_orch.records.generation import GenerationRequest, GenerationResult, TextChunk
from mm_orch.records.usage import Usage
from mm_orch.words import say

_UNKNOWN_CONTEXT = 4096  # tokens: the least that chat models have been made with since 2023


@dataclass(slots=True)
class StepRun:
    """``language`` is ``"zh"`` or ``"en"``. What is gathered here enters the graph's state when the step ends."""

    id: str
    deps: Deps
    language: str
    emit: Callable[[WorkflowEvent], None]
    warnings: list[str] = field(default_factory=list)
    degraded: bool = False
    usage: Usage = field(default_factory=Usage)
    tokens_per_second: float = 0.0

    def warn(self, key: str, **values: object) -> None:
        """Something was done otherwise than asked: ``warning.KEY`` of ``words``, in the run's language."""
        self.warnings.append(say(f"warning.{key}", self.language, **values))

    def degrade(self, key: str, **values: object) -> None:
        """As ``warn``, and the result is worse for it."""
        self.warn(key, **values)
        self.degraded = True

    def pass_on(self, warnings: Iterable[str]) -> None:
        """Warnings of a provider, as it wrote them."""
        self.warnings.extend(warnings)

    def progress(self, what: str, done: int, total: int) -> None:
        """``done`` of ``total`` things called ``what`` are there."""
        self.emit(StepProgress(self.id, what, done, total))

    def text(self, piece: str) -> None:
        """A piece of the answer."""
        if piece:
            self.emit(StepText(self.id, piece))

    def draft(self, piece: str) -> None:
        """A piece of a draft that is still to be checked."""
        if piece:
            self.emit(StepDraft(self.id, piece))

    async def info(self) -> EngineInfo:
        """What the engine says of itself; a real one loads its model to tell."""
        return await self.deps.engine.info()

    async def is_smaller(self, parameters: int) -> bool:
        """Whether the model is not known to have so many parameters. The mock, which copies, counts as large."""
        info = await self.info()
        return not info.is_mock if info.n_params is None else info.n_params < parameters

    async def has_at_least(self, parameters: int) -> bool:
        """Whether the model is known to have so many parameters."""
        return ((await self.info()).n_params or 0) >= parameters

    async def context_length(self) -> int:
        """The model's, in tokens; where nobody knows it, one that few models fall short of."""
        return (await self.info()).context_length or _UNKNOWN_CONTEXT

    async def complete(self, requests: Sequence[GenerationRequest]) -> list[GenerationResult]:
        """Ask the engine for all of them at once."""
        results = await self.deps.engine.complete(requests)
        self._note(results)
        return results

    async def stream(self, request: GenerationRequest) -> AsyncIterator[TextChunk | GenerationResult]:
        """Pieces as the engine writes them, then the result."""
        events = self.deps.engine.stream(request)
        try:
            async for event in events:
                if isinstance(event, GenerationResult):
                    self._note([event])
                yield event
        finally:
            if isinstance(events, AsyncGenerator):
                await events.aclose()

    def _note(self, results: Sequence[GenerationResult]) -> None:
        longest = max((result.seconds for result in results), default=0.0)
        if len(results) == 1:
            self.tokens_per_second = results[0].tokens_per_second
        elif longest > 0:
            self.tokens_per_second = sum(result.usage.completion_tokens for result in results) / longest
        for result in results:
            self.usage += result.usage
            if result.rendered:
                self.emit(StepPrompt(self.id, result.rendered))
