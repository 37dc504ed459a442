"""What the public workflow classes share: a definition, an engine, providers, and four ways to run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing
from functools import cached_property
from typing import Any, ClassVar

from mm_orch import resources
from mm_orch.errors import InvalidInput, WorkflowError
from mm_orch.nodes.base import Deps
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import PageFetcher, SearchProvider, TextEngine
from mm_orch.records.engine_info import EngineInfo
from mm_orch.records.event import RunFinished, WorkflowEvent
from mm_orch.records.limits import Limits
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.workflows import background
from mm_orch.workflows.catalogue import load_all
from mm_orch.workflows.compiler import CompiledWorkflow, compile_workflow
from mm_orch.workflows.definition import Definition
from mm_orch.workflows.inputs import LANGUAGES

Inputs = Mapping[str, Any] | str


class BaseWorkflow:
    """One workflow, usable alone in any program: no files are written, several may run at once.

    Without ``inference_engine`` a real one is made with ``use_real_models``, else the built-in mock. ``language``
    is ``"auto"`` (as the question is written), ``"zh"`` or ``"en"``. ``search`` and ``fetch`` default to what fits
    the engine: mock pages for the mock, the configured providers for a real one. ``prompts`` default to the
    shipped ones and the user's. ``definition`` replaces the class's own; ``limits`` go over those in it.
    """

    name: ClassVar[str] = ""

    def __init__(
        self,
        inference_engine: TextEngine | None = None,
        use_real_models: bool = False,
        language: str = "auto",
        search: SearchProvider | None = None,
        fetch: PageFetcher | None = None,
        prompts: PromptLibrary | None = None,
        *,
        definition: Definition | None = None,
        limits: Limits | None = None,
    ) -> None:
        if language not in LANGUAGES:
            raise InvalidInput(f"language is {language!r}", hint=f"Allowed: {', '.join(LANGUAGES)}")
        self.language = language
        self.engine = inference_engine if inference_engine is not None else _engine(use_real_models)
        self._prompts = prompts or PromptLibrary.load(resources.folders("prompts"))
        self.definition = definition or load_all(resources.folders("workflows"), self._prompts).get(self.name)
        self._search, self._fetch, self._limits = search, fetch, limits or Limits()

    def execute(self, inputs: Inputs) -> WorkflowResult:
        """Run to the end. ``inputs`` are the definition's by name, or one text for its query input.

        Works in scripts, in Jupyter and inside a running event loop (which it blocks: ``aexecute`` does not).
        Ctrl-C stops the model. Raises ``MuAIError``.
        """
        return background.run(_last(self._events(inputs)))

    async def aexecute(self, inputs: Inputs) -> WorkflowResult:
        """``execute`` for an event loop; cancelling it stops the model."""
        return await background.arun(_last(self._events(inputs)))

    def stream(self, inputs: Inputs) -> Iterator[WorkflowEvent]:
        """The run's events, a ``RunFinished`` last; closing the iterator stops the model."""
        return background.iterate(self._events(inputs))

    def astream(self, inputs: Inputs) -> AsyncIterator[WorkflowEvent]:
        """``stream`` for an event loop."""
        return background.aiterate(self._events(inputs))

    def named(self, inputs: Inputs) -> dict[str, Any]:
        """``inputs`` by name, unchecked. Raises ``InvalidInput`` for what is neither text nor a mapping."""
        if isinstance(inputs, str):
            return {self.definition.query_input: inputs}
        if not isinstance(inputs, Mapping):
            raise InvalidInput(f"inputs is {inputs!r:.60}", hint="Give a dict, or one text")
        return dict(inputs)

    async def _events(self, inputs: Inputs) -> AsyncGenerator[WorkflowEvent, None]:
        values = self.definition.inputs_from({"language": self.language, **self.named(inputs)})
        if self.definition.needs_web and (self._search is None or self._fetch is None):
            info = await self.engine.info()
            await asyncio.to_thread(self._provide, info)
        workflow = await asyncio.to_thread(lambda: self._workflow)  # the first time imports LangGraph
        deps = Deps(self.engine, self._prompts, self._search, self._fetch, self._limits)
        async with aclosing(workflow.events(values, deps)) as events:
            async for event in events:
                yield event

    @cached_property
    def _workflow(self) -> CompiledWorkflow:
        return compile_workflow(self.definition)

    def _provide(self, engine: EngineInfo) -> None:
        """Bring the providers that fit ``engine``, in a thread: their modules are imported."""
        from mm_orch.parts import default_providers

        search, fetch = default_providers(engine)
        self._search, self._fetch = self._search or search, self._fetch or fetch


def _engine(real: bool) -> TextEngine:
    if real:
        from mm_orch.runtime.inference_engine import InferenceEngine

        return InferenceEngine()
    from mm_orch.runtime.mock_engine import MockEngine

    return MockEngine()


async def _last(events: AsyncIterator[WorkflowEvent]) -> WorkflowResult:
    result: WorkflowResult | None = None
    async for event in events:
        if isinstance(event, RunFinished):
            result = event.result
    if result is None:
        raise WorkflowError("the run ended without a result")
    return result
