"""The seams: what a step may ask for. Each has a real side and a shipped fake (HOUSE: "Seams")."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from mm_orch.records.engine_info import EngineInfo
from mm_orch.records.generation import GenerationEvent, GenerationRequest, GenerationResult
from mm_orch.records.message import Message
from mm_orch.records.page import Page
from mm_orch.records.prompt_text import PromptText
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.records.search import SearchAnswer, SearchQuery
from mm_orch.records.session import Run, RunStatus, Session, StoredMessage


@runtime_checkable
class TextEngine(Protocol):
    """Writes text. Every method may raise ``EngineError`` or ``ModelError``."""

    async def info(self) -> EngineInfo:
        """Model, provider, capabilities, context length in tokens. A real engine loads its model to tell."""
        ...

    def stream(self, request: GenerationRequest) -> AsyncIterator[GenerationEvent]:
        """``TextChunk`` as the text is written, then one ``GenerationResult``; closing it stops the model."""
        ...

    async def complete(self, requests: Sequence[GenerationRequest]) -> list[GenerationResult]:
        """Write all of them, together where the engine can; results in the order asked for."""
        ...

    async def count_tokens(self, prompts: Sequence[tuple[Message, ...] | PromptText | str]) -> list[int]:
        """How many tokens each prompt has, as ``stream`` would send it."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text; ``EngineError`` where the model cannot."""
        ...


@runtime_checkable
class Engines(Protocol):
    """The engines of several models, by name."""

    def get(self, name: str | None = None) -> TextEngine:
        """The model's engine, None for the default one. Loads nothing. Raises ``UnknownName``."""
        ...

    def names(self) -> list[str]:
        """The models that are configured; others may be named by file or repository."""
        ...


@runtime_checkable
class SearchProvider(Protocol):
    """Finds pages. Raises ``SearchError``; finding nothing is no error."""

    @property
    def name(self) -> str: ...

    async def search(self, query: SearchQuery) -> SearchAnswer: ...


@runtime_checkable
class PageFetcher(Protocol):
    """Reads one page. Raises ``FetchError``. May be called for many pages at once: it bounds itself."""

    async def fetch(self, url: str) -> Page: ...


@runtime_checkable
class RunStore(Protocol):
    """Sessions, messages and runs. Raises ``StorageError``."""

    def open_session(self, session_id: str | None, title: str) -> Session:
        """The session of that id, made if there is none; None makes a new one."""
        ...

    def messages(self, session_id: str) -> list[StoredMessage]: ...

    def append_message(self, session_id: str, message: Message, run_id: str | None = None) -> None: ...

    def start_run(self, session_id: str, query: str) -> Run: ...

    def reopen_run(self, run_id: str) -> Run:
        """A run that failed or was interrupted is running again, without what it had answered."""
        ...

    def finish_run(
        self, run_id: str, workflow: str, status: RunStatus, document: Mapping[str, Any] | None
    ) -> None: ...

    def sessions(self) -> list[Session]: ...

    def delete_session(self, session_id: str) -> None: ...

    def runs(self, limit: int = 50) -> list[Run]: ...

    def run(self, run_id: str) -> Run: ...


@runtime_checkable
class TapeStore(Protocol):
    """What runs asked of the seams and got. Raises ``StorageError``."""

    def calls(self, run_id: str) -> list[RecordedCall]:
        """A run's calls in order; none where nothing was recorded, or is kept no more."""
        ...

    def add(self, run_id: str, calls: Sequence[RecordedCall]) -> None:
        """Keep calls of a run, all or none."""
        ...

    def forget_failures(self, run_id: str) -> None:
        """Drop the calls that failed, so that they are asked anew."""
        ...

    def trim(self) -> list[str]:
        """Drop the oldest tapes until all fit; the ids of the runs that lost theirs."""
        ...
