"""The seams: what a step may ask for. Each has a real side and a shipped fake (HOUSE: "Seams")."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol, runtime_checkable

from mm_orch.records.engine_info import EngineInfo
from mm_orch.records.generation import GenerationEvent, GenerationRequest, GenerationResult
from mm_orch.records.message import Message
from mm_orch.records.page import Page
from mm_orch.records.prompt_text import PromptText
from mm_orch.records.query import Query
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.records.search import SearchAnswer, SearchQuery
from mm_orch.records.session import Ending, Run, Session, StoredMessage
from mm_orch.records.workflow_result import WorkflowResult


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
    def name(self) -> str:
        """What a person calls it with ``--search``."""
        ...

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """The hits, best first. Raises ``SearchError``."""
        ...


@runtime_checkable
class PageFetcher(Protocol):
    """Reads one page. Raises ``FetchError``. May be called for many pages at once: it bounds itself."""

    async def fetch(self, url: str) -> Page:
        """The page behind ``url`` as text. Raises ``FetchError``."""
        ...


@runtime_checkable
class SessionStore(Protocol):
    """Conversations. Raises ``StorageError``, and ``UnknownName`` for what there is not."""

    async def sessions(self) -> list[Session]:
        """All sessions, the one last used first."""
        ...

    async def session(self, session_id: str) -> Session:
        """The session of that id. Raises ``UnknownName``."""
        ...

    async def messages(self, session_id: str) -> list[StoredMessage]:
        """What was said in a session, oldest first; nothing where there is none of that id."""
        ...

    async def delete_session(self, session_id: str) -> None:
        """Remove a session with its runs and their tapes. Raises ``UnknownName``."""
        ...


@runtime_checkable
class RunStore(Protocol):
    """What became of each query. ``begin`` and ``end`` store all they do or nothing. Raises ``StorageError``."""

    async def begin(self, query: Query) -> Run:
        """Store the query's session (made if there is none), its text as a message, and its run."""
        ...

    async def reopen(self, run_id: str) -> Run:
        """A run that failed or was interrupted is running again, without what it had answered."""
        ...

    async def end(self, run_id: str, ending: Ending) -> None:
        """Store how a run ended, and its answer as a message."""
        ...

    async def runs(self, limit: int = 50) -> list[Run]:
        """The latest runs, newest first."""
        ...

    async def run(self, run_id: str) -> Run:
        """The run of that id. Raises ``UnknownName``."""
        ...


@runtime_checkable
class TapeStore(Protocol):
    """What runs asked of the seams and got. Raises ``StorageError``."""

    @property
    def tape_bytes(self) -> int:
        """How many bytes may be kept; where it is 0 nothing is to be recorded."""
        ...

    async def calls(self, run_id: str) -> list[RecordedCall]:
        """A run's calls in order; none where nothing was recorded, or is kept no more."""
        ...

    async def add_calls(self, run_id: str, calls: Sequence[RecordedCall]) -> None:
        """Keep calls of a run, all or none."""
        ...

    async def forget_failures(self, run_id: str) -> None:
        """Drop the calls that failed, so that they are asked anew."""
        ...

    async def trim_tapes(self) -> list[str]:
        """Drop the oldest tapes until all fit; the ids of the runs that lost theirs."""
        ...


@runtime_checkable
class Store(SessionStore, RunStore, TapeStore, Protocol):
    """All that is stored, behind one handle."""

    def close(self) -> None:
        """Close what is open."""
        ...


@runtime_checkable
class Exporter(Protocol):
    """Writes results as files of one kind: ``name`` in words, ``ending`` with its dot (``".md"``)."""

    name: str
    ending: str

    def accepts(self, result: WorkflowResult) -> bool:
        """Whether ``result`` has what such a file is made of."""
        ...

    def write(self, question: str, result: WorkflowResult) -> bytes:
        """The whole file."""
        ...
