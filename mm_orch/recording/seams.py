"""The seams with a tape between: what the tape knows is answered by it, all else by what is behind, and recorded.

With nothing behind (None) a request that the tape does not know is a ``StorageError``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

from mm_orch.errors import FetchError, MuAIError, SearchError, StorageError, as_json
from mm_orch.protocols import Engines, PageFetcher, SearchProvider, TextEngine
from mm_orch.recording import codec
from mm_orch.recording.tape import Tape
from mm_orch.records.engine_info import EngineInfo
from mm_orch.records.generation import GenerationEvent, GenerationRequest, GenerationResult, TextChunk
from mm_orch.records.message import Message
from mm_orch.records.page import Page
from mm_orch.records.prompt_text import PromptText
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.records.search import SearchAnswer, SearchQuery

T = TypeVar("T")
B = TypeVar("B")
Prompt = tuple[Message, ...] | PromptText | str


class RecordingEngine:
    """A ``TextEngine`` whose answers are recorded; those to the same prompts are played again."""

    def __init__(self, tape: Tape, engine: TextEngine | None, model: str = "") -> None:
        """``model`` is the name by which a step asked for it, empty for the engine of the run."""
        self._tape, self._engine, self._model = tape, engine, model

    async def info(self) -> EngineInfo:
        """The engine's own; it is not recorded."""
        return await self._asked("info", self._model, EngineInfo, lambda engine: engine.info())

    async def stream(self, request: GenerationRequest) -> AsyncIterator[GenerationEvent]:
        """As the engine's, kept on the tape once it ended."""
        key = self._key(request)
        found = self._tape.play("generate", key)
        if found is None:
            async for event in self._streamed(request, key):
                yield event
            return
        result = _result(found)
        for piece in found.answer.get("pieces") or [result.text]:
            yield TextChunk(piece)
        yield result

    async def complete(self, requests: Sequence[GenerationRequest]) -> list[GenerationResult]:
        """As the engine's, kept on the tape."""
        keys = [self._key(request) for request in requests]
        found = [self._tape.play("generate", key) for key in keys]
        new = [at for at, call in enumerate(found) if call is None]
        results = {at: _result(call) for at, call in enumerate(found) if call is not None}
        if new:
            results |= zip(
                new, await self._completed([requests[at] for at in new], [keys[at] for at in new]), strict=True
            )
        return [results[at] for at in range(len(requests))]

    async def count_tokens(self, prompts: Sequence[Prompt]) -> list[int]:
        """As the engine's, kept on the tape."""
        key = self._key(list(prompts))
        return await self._asked("count", key, list[int], lambda engine: engine.count_tokens(prompts))

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """As the engine's, kept on the tape."""
        key = self._key(list(texts))
        return await self._asked("embed", key, list[list[float]], lambda engine: engine.embed(texts))

    async def _asked(self, seam: str, key: str, kind: type[T], ask: Callable[[TextEngine], Awaitable[T]]) -> T:
        return await _asked(self._tape, seam, key, None, self._engine, ask, kind)

    async def _streamed(self, request: GenerationRequest, key: str) -> AsyncIterator[GenerationEvent]:
        pieces: list[str] = []
        events = self._behind(request).stream(request)
        try:
            async for event in events:
                if isinstance(event, TextChunk):
                    pieces.append(event.text)
                else:
                    await self._tape.write("generate", key, request, {"result": event, "pieces": pieces})
                yield event
        except MuAIError as error:
            await _failed(self._tape, "generate", key, request, error)
            raise
        finally:
            if isinstance(events, AsyncGenerator):
                await events.aclose()

    async def _completed(
        self, requests: Sequence[GenerationRequest], keys: Sequence[str]
    ) -> list[GenerationResult]:
        try:
            results = await self._behind(requests[0]).complete(requests)
        except MuAIError as error:
            await _failed(self._tape, "generate", keys[0], requests[0], error)
            raise
        answers = [{"result": result} for result in results]
        await self._tape.write_all("generate", zip(keys, requests, answers, strict=True))
        return results

    def _key(self, request: Any) -> str:
        return codec.key([self._model, request] if self._model else request)

    def _behind(self, request: GenerationRequest) -> TextEngine:
        if self._engine is None:
            raise _unknown("a prompt")
        return self._engine


class RecordingEngines:
    """``Engines`` whose answers are recorded, each model's for itself."""

    def __init__(self, tape: Tape, engines: Engines | None) -> None:
        self._tape, self._engines = tape, engines

    def get(self, name: str | None = None) -> RecordingEngine:
        """The model's engine with the tape between. Raises ``UnknownName``."""
        return RecordingEngine(self._tape, None if self._engines is None else self._engines.get(name), name or "")

    def names(self) -> list[str]:
        """The models behind; none where nothing is."""
        return [] if self._engines is None else self._engines.names()


class RecordingSearch:
    """A ``SearchProvider`` whose answers are recorded.

    With ``any_query``, a query that the tape does not know gets what the next one got that was recorded.
    """

    def __init__(self, tape: Tape, search: SearchProvider | None, *, any_query: bool = False) -> None:
        self._tape, self._search, self._any_query = tape, search, any_query

    @property
    def name(self) -> str:
        """The other provider's."""
        return self._search.name if self._search is not None else "recorded"

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """As the provider's, kept on the tape."""
        if self._any_query:
            found = self._tape.play("search", codec.key(query)) or self._tape.play_next("search")
            if found is None:
                raise SearchError("no_other_search")
            return codec.record(SearchAnswer, _got(found))
        key = codec.key(query)
        return await _asked(
            self._tape, "search", key, query, self._search, lambda search: search.search(query), SearchAnswer
        )


class RecordingFetcher:
    """A ``PageFetcher`` whose pages are recorded.

    With ``recorded_only``, any other page is one that cannot be read.
    """

    def __init__(self, tape: Tape, fetcher: PageFetcher | None, *, recorded_only: bool = False) -> None:
        self._tape, self._fetcher, self._recorded_only = tape, fetcher, recorded_only

    async def fetch(self, url: str) -> Page:
        """As the fetcher's, kept on the tape."""
        if self._recorded_only:
            found = self._tape.known("fetch", codec.key(url))
            if found is None:
                raise FetchError("page_not_recorded")
            return codec.record(Page, _got(found))
        key = codec.key(url)
        return await _asked(self._tape, "fetch", key, url, self._fetcher, lambda fetcher: fetcher.fetch(url), Page)

    def warm(self) -> None:
        """Let a fetcher that can get ready do so."""
        warm = getattr(self._fetcher, "warm", None)
        if warm is not None:
            warm()


async def _asked(
    tape: Tape,
    seam: str,
    key: str,
    request: Any,
    behind: B | None,
    ask: Callable[[B], Awaitable[T]],
    kind: type[T],
) -> T:
    """What the tape or ``behind`` answers; a ``request`` of None is recorded by its ``key`` alone."""
    found = tape.play(seam, key)
    if found is not None:
        return codec.record(kind, _got(found))
    if behind is None:
        raise _unknown(f"{seam} {codec.text(request):.80}")
    try:
        answer = await ask(behind)
    except MuAIError as error:
        await _failed(tape, seam, key, request, error)
        raise
    await tape.write(seam, key, request, answer)
    return answer


async def _failed(tape: Tape, seam: str, key: str, request: Any, error: MuAIError) -> None:
    await tape.write(seam, key, request, as_json(error), failed=True)


def _got(found: RecordedCall) -> Any:
    """The recorded answer. Raises it where it is an error."""
    if found.failed:
        raise codec.error_of(found.answer)
    return found.answer


def _result(found: RecordedCall) -> GenerationResult:
    return codec.record(GenerationResult, _got(found)["result"])


def _unknown(what: str) -> StorageError:
    return StorageError("call_not_recorded", what=what)
