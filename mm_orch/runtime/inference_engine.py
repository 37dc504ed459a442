"""The engine that users import: text from a model, in whole or as it is written, in threads and in event loops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mm_orch.engine.supervisor import EngineProcess, list_devices
from mm_orch.errors import InvalidInput
from mm_orch.records.engine_info import Capabilities, EngineInfo
from mm_orch.records.generation import GenerationEvent, GenerationRequest, GenerationResult, TextChunk
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime import chat_completion, device_report
from mm_orch.runtime.event_stream import Ticket, aevents, results
from mm_orch.runtime.loaded_model import LoadedModel, ModelHandle, Tokenizer
from mm_orch.runtime.messages import Prompt, as_messages, as_prompt
from mm_orch.runtime.real_model_manager import RealModelManager

__all__ = ["GenerationConfig", "GenerationResult", "InferenceEngine"]

Model = ModelHandle | LoadedModel | ModelConfig | str | Path


class InferenceEngine:
    """Writes text with one model; a ``TextEngine``.

    ``model`` is what ``RealModelManager.load_model`` gave, a name, a file or a ``ModelConfig``; none is the default
    one. ``tokenizer`` and ``device`` of a loaded model are its own and may be left out. ``manager`` loads the
    models (default: one of this engine's own, which ends with it). The model is loaded when it is first used, and
    again when it was unloaded or its process died. Usable from any thread, and inside a running event loop.
    """

    def __init__(
        self,
        model: Model | None = None,
        tokenizer: Tokenizer | None = None,
        device: str | None = None,
        *,
        manager: RealModelManager | None = None,
    ) -> None:
        model = model.model if isinstance(model, LoadedModel) else model
        self._owns_manager = manager is None and not isinstance(model, ModelHandle)
        if isinstance(model, ModelHandle):
            self._manager, self._model = model.manager, model
        else:
            self._manager = manager or RealModelManager()
            self._model = self._manager.handle(_on_device(self._manager, model, device))
        if tokenizer is not None and (not isinstance(tokenizer, Tokenizer) or tokenizer.model.name != self.name):
            hint = "Give the tokenizer that came with the model, or leave it out"
            raise InvalidInput(f"tokenizer {tokenizer!r} is not that of model {self.name!r}", hint=hint)
        self._info: EngineInfo | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    @property
    def tokenizer(self) -> Tokenizer:
        """The model's tokenizer; loads the model."""
        return Tokenizer(self._model)

    def describe(self) -> EngineInfo:
        """What ``info`` gives, for a program without an event loop; the model is loaded to tell."""
        if self._info is None:
            with self._model.use() as (_, facts):
                can = Capabilities(
                    grammar=True,
                    logprobs=True,
                    token_counts=True,
                    embeddings=facts.can_embed,
                    rerank=False,
                    roles=facts.has_chat_template,
                )
                self._info = EngineInfo(
                    self.name, "llama.cpp", facts.n_ctx, facts.device, n_params=facts.n_params, can=can
                )
        return self._info

    def start(self) -> None:
        """Begin to load the model without waiting for it."""
        self._model.start()

    def close(self) -> None:
        """End the models of this engine's own manager."""
        if self._owns_manager:
            self._manager.close()

    def generate(
        self, prompt: Prompt | Sequence[Any], config: GenerationConfig | None = None, **options: Any
    ) -> GenerationResult:
        """Write one answer. A plain text is completed raw; ``options`` are fields of ``GenerationConfig``.

        Closing down by Ctrl-C stops the model. Raises ``EngineError`` and ``ModelError``.
        """
        return self.batch_generate([prompt], config, **options)[0]

    def generate_stream(
        self, prompt: Prompt | Sequence[Any], config: GenerationConfig | None = None, **options: Any
    ) -> Generator[str]:
        """The answer as it is written, in pieces; closing the generator stops the model."""
        return _texts(self._events(_request(prompt, config, options)))

    def batch_generate(
        self, prompts: Sequence[Any], config: GenerationConfig | None = None, **options: Any
    ) -> list[GenerationResult]:
        """Write all answers, together where the model can; results in the order of ``prompts``."""
        requests = [_request(prompt, config, options) for prompt in prompts]
        with self._model.use() as (process, _):
            tickets: list[Ticket] = []
            try:
                tickets += (Ticket(process, request) for request in requests)
                return [ticket.result() for ticket in tickets]
            finally:
                for ticket in tickets:
                    ticket.close()

    def chat_completion(
        self,
        messages: Sequence[Any],
        model_path: Model | None = None,
        max_tokens: int | None = None,
        stream: bool = False,
        **options: Any,
    ) -> Any:
        """An answer to ``messages`` in OpenAI's shape: a dict, or with ``stream`` a generator of chunks.

        ``model_path`` names another model than this engine's. ``options`` are fields of ``GenerationConfig``.
        """
        if max_tokens is not None:
            options["max_tokens"] = max_tokens
        engine = self if model_path is None else InferenceEngine(model_path, manager=self._manager)
        request = _request(as_messages(messages), None, options)
        if stream:
            return chat_completion.chunks(engine.name, engine._events(request))
        return chat_completion.completion(engine.name, engine.generate(request.prompt, request.config))

    def get_device_capabilities(self) -> dict[str, Any]:
        """What llama.cpp can use here: see ``device_report.capabilities``. Asked of a child; loads no model."""
        return device_report.capabilities(list_devices())

    async def info(self) -> EngineInfo:
        """What the model is and can do; loads it to tell."""
        return await asyncio.to_thread(self.describe)

    async def stream(self, request: GenerationRequest) -> AsyncGenerator[GenerationEvent]:
        """Pieces as the model writes them, then the result. Raises ``EngineError``."""
        async with self._using() as process, aclosing(aevents(process, request)) as events:
            async for event in events:
                yield event

    async def complete(self, requests: Sequence[GenerationRequest]) -> list[GenerationResult]:
        """All answers, written together. Raises ``EngineError``."""
        async with self._using() as process:
            return await results(process, requests)

    async def count_tokens(self, prompts: Sequence[Prompt]) -> list[int]:
        """Tokens of each prompt, its template included."""
        return await asyncio.to_thread(self.tokenizer.counts, prompts)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """A vector of length 1 for each text. Raises ``EngineError`` where the model gives none."""
        async with self._using() as process:
            return await asyncio.to_thread(process.call, "embed", {"texts": list(texts)})

    async def agenerate(
        self, prompt: Prompt | Sequence[Any], config: GenerationConfig | None = None, **options: Any
    ) -> GenerationResult:
        """``generate`` for an event loop."""
        return (await self.abatch_generate([prompt], config, **options))[0]

    async def agenerate_stream(
        self, prompt: Prompt | Sequence[Any], config: GenerationConfig | None = None, **options: Any
    ) -> AsyncGenerator[str]:
        """``generate_stream`` for an event loop."""
        async with aclosing(self.stream(_request(prompt, config, options))) as events:
            async for event in events:
                if isinstance(event, TextChunk):
                    yield event.text

    async def abatch_generate(
        self, prompts: Sequence[Any], config: GenerationConfig | None = None, **options: Any
    ) -> list[GenerationResult]:
        """``batch_generate`` for an event loop."""
        return await self.complete([_request(prompt, config, options) for prompt in prompts])

    def _events(self, request: GenerationRequest) -> Generator[GenerationEvent]:
        with self._model.use() as (process, _):
            yield from Ticket(process, request).events()

    @asynccontextmanager
    async def _using(self) -> AsyncIterator[EngineProcess]:
        """The model's process; loading it happens in a thread."""
        use = self._model.use()
        entering = asyncio.get_running_loop().run_in_executor(None, use.__enter__)
        try:
            process, _ = await asyncio.shield(entering)
        except asyncio.CancelledError:
            entering.add_done_callback(lambda entered: entered.exception() or use.__exit__(None, None, None))
            raise
        try:
            yield process
        finally:
            use.__exit__(None, None, None)


def _on_device(manager: RealModelManager, model: Any, device: str | None) -> ModelConfig:
    config = manager.config(str(model) if isinstance(model, Path) else model)
    return config if device is None else config.replace(device=device)


def _request(prompt: Any, config: GenerationConfig | None, options: Mapping[str, Any]) -> GenerationRequest:
    if config is not None and not isinstance(config, GenerationConfig):
        raise InvalidInput(f"config is {config!r:.80}", hint="Give a GenerationConfig")
    made = GenerationConfig(**options) if config is None else config.replace(**options) if options else config
    return GenerationRequest(as_prompt(prompt), made)


def _texts(events: Generator[GenerationEvent]) -> Generator[str]:
    with closing(events):
        for event in events:
            if isinstance(event, TextChunk):
                yield event.text
