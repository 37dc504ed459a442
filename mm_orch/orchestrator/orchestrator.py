"""Takes a query through its run: session, message, route, workflow, result. What was said is never lost."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Protocol

from mm_orch import __version__
from mm_orch.errors import Interrupted, InvalidInput, MuAIError, StorageError
from mm_orch.exports import run_document
from mm_orch.nodes.base import Deps
from mm_orch.protocols import RunStore, TapeStore
from mm_orch.recording.recorded_run import (
    Beginning,
    Choice,
    beginning_of,
    choice_of,
    file_hash,
    write_beginning,
    write_choice,
)
from mm_orch.recording.seams import RecordingEngine, RecordingEngines, RecordingFetcher, RecordingSearch
from mm_orch.recording.tape import Tape
from mm_orch.records.event import QueryEvent, Routed, RunFinished, RunStarted, StepText
from mm_orch.records.message import Message
from mm_orch.records.query import Query
from mm_orch.records.route import Route
from mm_orch.records.session import Run, RunStatus, StoredMessage
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.workflows.compiler import CompiledWorkflow, compile_workflow, current_step
from mm_orch.workflows.definition import Catalogue, Definition
from mm_orch.workflows.inputs import MessagesInput

logger = logging.getLogger(__name__)


class Chooser(Protocol):
    """What the orchestrator needs of the router."""

    async def aroute(self, query: str, engine: Any, prompts: Any) -> Route: ...


class Orchestrator:
    """Runs queries, any number at once, each stored in ``store`` before it starts and when it ends.

    ``tapes`` keeps what their steps asked and got; without it no run can be replayed or resumed. ``setup`` is
    recorded with it (see ``Beginning``).
    """

    def __init__(
        self,
        catalogue: Catalogue,
        router: Chooser,
        deps: Deps,
        store: RunStore,
        tapes: TapeStore | None = None,
        setup: Mapping[str, Any] | None = None,
    ) -> None:
        self._catalogue, self._router, self._deps = catalogue, router, deps
        self._store, self._tapes, self._setup = store, tapes, setup or {}
        self._compiled: dict[str, CompiledWorkflow] = {}

    async def events(self, query: Query) -> AsyncIterator[QueryEvent]:
        """The run's events; the first is a ``RunStarted``, the last a ``RunFinished``.

        Closing the iterator, or cancelling its task, stops the model and keeps what was written as an interrupted
        run. Raises ``MuAIError``; the store then holds the run's document.
        """
        if query.workflow:
            self._catalogue.get(query.workflow)
        if not query.text.strip():
            raise InvalidInput("the question is empty", hint="Write something")
        limits = (await asyncio.to_thread(self._deps.overridden, query)).limits
        log = _RunLog.begun(self._store, query)
        tape = Tape(log.run_id, [], self._tapes, current_step)
        beginning = Beginning(query, limits, secrets.token_hex(4), self._setup, __version__)
        await write_beginning(tape, beginning)
        async with aclosing(self._run(log, tape, beginning, None)) as events:
            async for event in events:
                yield event

    async def resume(self, run_id: str) -> AsyncIterator[QueryEvent]:
        """The events of an interrupted or failed run that goes on: what was answered before is not asked again.

        Raises ``InvalidInput`` for any other run and ``StorageError`` for one that was not recorded.
        """
        calls = [] if self._tapes is None else self._tapes.calls(run_id)
        run = self._store.run(run_id)
        beginning = beginning_of(run_id, calls)
        log = _RunLog(self._store, self._store.reopen_run(run_id), beginning.query)
        if self._tapes is not None:
            self._tapes.forget_failures(run_id)
        tape = Tape(run.id, [call for call in calls if not call.failed], self._tapes, current_step)
        async with aclosing(self._run(log, tape, beginning, choice_of(calls))) as events:
            async for event in events:
                yield event

    async def _run(
        self, log: _RunLog, tape: Tape, beginning: Beginning, choice: Choice | None
    ) -> AsyncGenerator[QueryEvent, None]:
        yield RunStarted(log.run_id, log.session_id)
        deps = await asyncio.to_thread(self._deps.overridden, beginning.query)
        deps = replace(deps, limits=beginning.limits, nonce=beginning.nonce)
        deps = deps if self._tapes is None else _recorded(deps, tape)
        try:
            if choice is None:
                choice = await self._choose(log, tape, beginning.query, deps)
            log.workflow, log.route = choice.workflow, choice.route
            if choice.route is not None:
                yield Routed(choice.route)
            definition = self._catalogue.get(choice.workflow)
            inputs = definition.inputs_from(choice.inputs)
            async with aclosing(self._workflow(definition).events(inputs, deps)) as events:
                async for event in events:
                    if isinstance(event, RunFinished):
                        result = event.result
                        continue
                    if isinstance(event, StepText):
                        log.said.append(event.text)
                    yield event
        except (asyncio.CancelledError, GeneratorExit):
            tape.flush()
            log.end("interrupted")
            raise
        except Exception as error:
            tape.flush()
            log.end("failed", error)
            raise
        yield RunFinished(self._finished(log, tape, result))

    async def _choose(self, log: _RunLog, tape: Tape, query: Query, deps: Deps) -> Choice:
        if query.workflow is None:
            log.route = await self._router.aroute(query.text, deps.engine, deps.prompts)
        definition = self._catalogue.get(log.route.workflow if log.route else query.workflow or "")
        log.workflow = definition.name
        inputs = _inputs(definition, query, log.history)
        # What follows from the inputs that can be given is left out.
        given = {name: inputs[name] for name in ("language", *definition.inputs)}
        choice = Choice(definition.name, file_hash(definition.path), given, log.route)
        await write_choice(tape, choice)
        return choice

    def _finished(self, log: _RunLog, tape: Tape, result: WorkflowResult) -> WorkflowResult:
        tape.flush()
        if tape.trouble:
            warning = f"the run cannot be replayed: {tape.trouble}"
            result = replace(result, warnings=(*result.warnings, warning))
        result = log.finished(result)
        if self._tapes is not None:
            with contextlib.suppress(StorageError):  # the next run's end makes room instead
                self._tapes.trim()
        return result

    def _workflow(self, definition: Definition) -> CompiledWorkflow:
        if definition.name not in self._compiled:
            self._compiled[definition.name] = compile_workflow(definition)
        return self._compiled[definition.name]


class _RunLog:
    """One run as the store sees it."""

    def __init__(self, store: RunStore, run: Run, query: Query) -> None:
        self._store = store
        self.run_id, self.session_id = run.id, run.session_id
        before = itertools.takewhile(lambda message: message.run_id != run.id, store.messages(run.session_id))
        self.history = whole_turns(before)
        self.said: list[str] = []
        self.workflow = query.workflow or ""
        self.route: Route | None = None

    @classmethod
    def begun(cls, store: RunStore, query: Query) -> _RunLog:
        """A new run of ``query``, its question stored."""
        session_id = store.open_session(query.session_id, query.text).id
        run = store.start_run(session_id, query.text)
        store.append_message(session_id, Message("user", query.text), run.id)
        return cls(store, run, query)

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
    """A question and its answer at a time: chat templates refuse two turns of the same side in a row.

    An answer belongs to the question of its run: one that was resumed may come after later questions.
    """
    turns: list[tuple[Message, ...]] = []
    waiting: dict[str | None, int] = {}
    for message in messages:
        if message.role == "user":
            waiting[message.run_id] = len(turns)
            turns.append((Message("user", message.content),))
        elif message.role == "assistant" and message.run_id in waiting:
            turns[waiting.pop(message.run_id)] += (Message("assistant", message.content),)
    return [message for turn in turns if len(turn) > 1 for message in turn]


def _inputs(definition: Definition, query: Query, history: list[Message]) -> dict[str, Any]:
    given: dict[str, Any] = {} if query.language == "auto" else {"language": query.language}
    for name, kind in definition.inputs.items():
        if isinstance(kind, MessagesInput):
            given[name] = history
    return definition.inputs_from_query(query.text, given | dict(query.inputs))


def _recorded(deps: Deps, tape: Tape) -> Deps:
    """``deps`` whose answers are recorded on ``tape``, and played where it knows them."""
    return replace(
        deps,
        engine=RecordingEngine(tape, deps.engine),
        engines=None if deps.engines is None else RecordingEngines(tape, deps.engines),
        search=None if deps.search is None else RecordingSearch(tape, deps.search),
        fetch=None if deps.fetch is None else RecordingFetcher(tape, deps.fetch),
    )
