"""Takes a query through its run: session, message, route, workflow, result. What was said is never lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from mm_orch.errors import Interrupted, InvalidInput, MuAIError, StorageError
from mm_orch.exports import run_document
from mm_orch.nodes.base import Deps
from mm_orch.protocols import RunStore
from mm_orch.records.event import QueryEvent, Routed, RunFinished, RunStarted, StepText
from mm_orch.records.message import Message
from mm_orch.records.route import Route
from mm_orch.records.session import RunStatus, StoredMessage
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.workflows.compiler import CompiledWorkflow, compile_workflow
from mm_orch.workflows.definition import Catalogue, Definition
from mm_orch.workflows.inputs import MessagesInput

logger = logging.getLogger(__name__)


class Chooser(Protocol):
    """What the orchestrator needs of the router."""

    async def aroute(self, query: str, engine: Any, prompts: Any) -> Route: ...


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked. ``workflow`` None leaves the choice to the router, ``session_id`` None begins a session.

    ``inputs`` are inputs of the workflow that win over what the text says; ``language`` is ``"auto"``, ``"zh"`` or
    ``"en"``.
    """

    text: str
    workflow: str | None = None
    session_id: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    language: str = "auto"


class Orchestrator:
    """Runs queries, any number at once, each stored in ``store`` before it starts and when it ends."""

    def __init__(self, catalogue: Catalogue, router: Chooser, deps: Deps, store: RunStore) -> None:
        self._catalogue, self._router, self._deps, self._store = catalogue, router, deps, store
        self._compiled: dict[str, CompiledWorkflow] = {}

    async def events(self, query: Query) -> AsyncIterator[QueryEvent]:
        """The run's events; the first is a ``RunStarted``, the last a ``RunFinished``.

        Closing the iterator, or cancelling its task, stops the model and keeps what was written as an interrupted
        run. Raises ``MuAIError``; the store then holds the run's document.
        """
        chosen = self._catalogue.get(query.workflow) if query.workflow else None
        if not query.text.strip():
            raise InvalidInput("the question is empty", hint="Write something")
        log = _RunLog(self._store, query)
        yield RunStarted(log.run_id, log.session_id)
        try:
            if chosen is None:
                route = await self._router.aroute(query.text, self._deps.engine, self._deps.prompts)
                log.route = route
                yield Routed(route)
                chosen = self._catalogue.get(route.workflow)
            log.workflow = chosen.name
            inputs = _inputs(chosen, query, log.history)
            async with aclosing(self._workflow(chosen).events(inputs, self._deps)) as events:
                async for event in events:
                    if isinstance(event, RunFinished):
                        result = event.result
                        continue
                    if isinstance(event, StepText):
                        log.said.append(event.text)
                    yield event
        except (asyncio.CancelledError, GeneratorExit):
            log.end("interrupted")
            raise
        except Exception as error:
            log.end("failed", error)
            raise
        yield RunFinished(log.finished(result))

    def _workflow(self, definition: Definition) -> CompiledWorkflow:
        if definition.name not in self._compiled:
            self._compiled[definition.name] = compile_workflow(definition)
        return self._compiled[definition.name]


class _RunLog:
    """One run as the store sees it."""

    def __init__(self, store: RunStore, query: Query) -> None:
        self._store = store
        self.session_id = store.open_session(query.session_id, query.text).id
        self.history = whole_turns(store.messages(self.session_id))
        self.run_id = store.start_run(self.session_id, query.text).id
        store.append_message(self.session_id, Message("user", query.text), self.run_id)
        self.said: list[str] = []
        self.workflow = query.workflow or ""
        self.route: Route | None = None

    def finished(self, result: WorkflowResult) -> WorkflowResult:
        """Store how the run ended; an answer that cannot be stored is still an answer."""
        result = replace(result, run_id=self.run_id, session_id=self.session_id, route=self.route)
        try:
            self._store.append_message(self.session_id, Message("assistant", result.answer), self.run_id)
            self._store.finish_run(self.run_id, result.workflow, result.status, run_document.of_result(result))
        except StorageError as error:
            return replace(result, warnings=(*result.warnings, f"the answer was not stored: {error}"))
        return result

    def end(self, status: RunStatus, error: Exception | None = None) -> None:
        """Store that the run did not come to its end, with what was said by then."""
        partial = "".join(self.said)
        known = WorkflowResult(
            self.workflow, partial, partial, run_id=self.run_id, session_id=self.session_id, route=self.route
        )
        failure = error or Interrupted("interrupted")
        try:
            if partial.strip():
                self._store.append_message(self.session_id, Message("assistant", partial), self.run_id)
            self._store.finish_run(self.run_id, self.workflow, status, run_document.of_failure(failure, known))
        except MuAIError as unstored:
            logger.warning("run %s: its end was not stored: %s", self.run_id, unstored)


def whole_turns(messages: Iterable[StoredMessage]) -> list[Message]:
    """A question and its answer at a time: chat templates refuse two turns of the same side in a row."""
    turns: list[Message] = []
    asked: Message | None = None
    for message in messages:
        if message.role == "user":
            asked = Message("user", message.content)
        elif message.role == "assistant" and asked is not None:
            turns += (asked, Message("assistant", message.content))
            asked = None
    return turns


def _inputs(definition: Definition, query: Query, history: list[Message]) -> dict[str, Any]:
    given: dict[str, Any] = {} if query.language == "auto" else {"language": query.language}
    for name, kind in definition.inputs.items():
        if isinstance(kind, MessagesInput):
            given[name] = history
    return definition.inputs_from_query(query.text, given | dict(query.inputs))
