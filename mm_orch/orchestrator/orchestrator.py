"""Takes a query through its run: session, message, route, workflow, result. What was said is never lost."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Protocol

from mm_orch import __version__
from mm_orch.errors import InvalidInput, MuAIError, StorageError
from mm_orch.language.detection import detect
from mm_orch.nodes.base import Deps
from mm_orch.orchestrator.run_log import RunLog, whole_turns
from mm_orch.protocols import Store, TapeStore
from mm_orch.recording.recorded_run import QUERY, WORKFLOW, Beginning, Choice, beginning_of, choice_of, file_hash
from mm_orch.recording.seams import RecordingEngine, RecordingEngines, RecordingFetcher, RecordingSearch
from mm_orch.recording.tape import Tape
from mm_orch.records.event import QueryEvent, Routed, RunCancelled, RunEvent, RunFailed, RunFinished, RunStarted
from mm_orch.records.message import Message
from mm_orch.records.query import Query
from mm_orch.records.route import Route
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.words import say
from mm_orch.workflows.catalogue import Catalogue
from mm_orch.workflows.compiler import CompiledWorkflow, compile_workflow, current_step
from mm_orch.workflows.definition import Definition
from mm_orch.workflows.inputs import MessagesInput

logger = logging.getLogger(__name__)


class Chooser(Protocol):
    """What the orchestrator needs of the router."""

    async def aroute(self, query: str, engine: Any, prompts: Any) -> Route:
        """Where ``query`` goes."""
        ...


class Orchestrator:
    """Runs queries, any number at once, each stored in ``store`` before it starts and when it ends.

    What their steps asked and got is recorded unless the store keeps no tapes; without it no run can be replayed
    or resumed. ``setup`` is recorded with it (see ``Beginning``).
    """

    def __init__(
        self,
        catalogue: Catalogue,
        router: Chooser,
        deps: Deps,
        store: Store,
        setup: Mapping[str, Any] | None = None,
    ) -> None:
        self._catalogue, self._router, self._deps = catalogue, router, deps
        self._store, self._setup = store, setup or {}
        self._tapes: TapeStore | None = store if store.tape_bytes else None
        self._compiled: dict[str, CompiledWorkflow] = {}

    async def begin(self, query: Query) -> RunLog:
        """Store that ``query`` is worked on; nothing is lost from here on. Raises ``MuAIError``."""
        if query.workflow:
            self._catalogue.get(query.workflow)
        if not query.text.strip():
            raise InvalidInput("question_empty")
        limits = (await asyncio.to_thread(self._deps.overridden, query)).limits
        beginning = Beginning(query, limits, secrets.token_hex(4), self._setup, __version__)
        return RunLog(await self._store.begin(query), beginning)

    async def reopen(self, run_id: str) -> RunLog:
        """Store that an interrupted or failed run goes on: what was answered before will not be asked again.

        Raises ``InvalidInput`` for any other run and ``StorageError`` for one that was not recorded.
        """
        await self._store.run(run_id)
        calls = await self._store.calls(run_id)
        beginning = beginning_of(run_id, calls)
        done = [call for call in calls if not call.failed]
        return RunLog(await self._store.reopen(run_id), beginning, done)

    async def events(self, log: RunLog) -> AsyncGenerator[RunEvent, None]:
        """The run's events: a ``RunStarted`` first; a ``RunFinished``, ``RunFailed`` or ``RunCancelled`` last.

        Closing the iterator, or cancelling its task, stops the model and keeps what was written as an interrupted
        run. Raises ``MuAIError`` after a ``RunFailed``; the store then holds the run's document.
        """
        run, tape = log.run, Tape(log.run.id, log.calls, self._tapes, current_step)
        try:
            if log.calls:
                await self._store.forget_failures(run.id)
            else:
                await tape.write(QUERY, "", None, log.beginning)
            yield log.told(RunStarted(run.id, run.session_id))
            async with aclosing(self._workflow(log, tape)) as events:
                async for event in events:
                    if isinstance(event, RunFinished):
                        result = event.result
                    else:
                        yield log.told(event)
        except GeneratorExit:
            await self._broken_off(log)
            raise
        except asyncio.CancelledError:
            cancelled = log.told(RunCancelled())
            await self._broken_off(log)
            yield cancelled
            raise
        except Exception as error:
            failed = log.told(RunFailed(error))
            await self._broken_off(log, error)
            yield failed
            raise
        yield log.told(RunFinished(await self._finished(log, tape, result)))

    async def _workflow(self, log: RunLog, tape: Tape) -> AsyncGenerator[QueryEvent, None]:
        """Choose a workflow unless that was done, and let it run."""
        deps = await asyncio.to_thread(self._deps.overridden, log.beginning.query)
        deps = replace(deps, limits=log.beginning.limits, nonce=log.beginning.nonce)
        deps = deps if self._tapes is None else _recorded(deps, tape)
        choice = choice_of(log.calls) or await self._choose(log, tape, deps)
        log.workflow, log.route = choice.workflow, choice.route
        if choice.route is not None:
            yield Routed(choice.route)
        definition = self._catalogue.get(choice.workflow)
        if definition.name not in self._compiled:
            self._compiled[definition.name] = compile_workflow(definition)
        inputs = definition.inputs_from(choice.inputs)
        async with aclosing(self._compiled[definition.name].events(inputs, deps)) as events:
            async for event in events:
                yield event

    async def _choose(self, log: RunLog, tape: Tape, deps: Deps) -> Choice:
        query = log.beginning.query
        if query.workflow is None:
            log.route = await self._router.aroute(query.text, deps.engine, deps.prompts)
        definition = self._catalogue.get(log.route.workflow if log.route else query.workflow or "")
        log.workflow = definition.name
        said = await self._store.messages(log.run.session_id)
        before = itertools.takewhile(lambda message: message.run_id != log.run.id, said)
        inputs = _inputs(definition, query, whole_turns(before))
        # What follows from the inputs that can be given is left out.
        given = {name: inputs[name] for name in ("language", *definition.inputs)}
        choice = Choice(definition.name, file_hash(definition.path), given, log.route)
        await tape.write(WORKFLOW, "", None, choice)
        return choice

    async def _finished(self, log: RunLog, tape: Tape, result: WorkflowResult) -> WorkflowResult:
        """Store the result; an answer that cannot be stored is still an answer."""
        result = log.named(result)
        if tape.trouble:
            warning = say("warning.not_replayable", detect(log.run.query), error=tape.trouble)
            result = replace(result, warnings=(*result.warnings, warning))
        try:
            await self._store.end(log.run.id, log.finished(result))
        except StorageError as error:
            return replace(
                result, warnings=(*result.warnings, say("warning.not_stored", detect(log.run.query), error=error))
            )
        with contextlib.suppress(StorageError):  # the next run's end makes room instead
            await self._store.trim_tapes()
        return result

    async def _broken_off(self, log: RunLog, error: Exception | None = None) -> None:
        try:
            await self._store.end(log.run.id, log.broken_off(error))
        except MuAIError as unstored:
            logger.warning("run %s: its end was not stored: %s", log.run.id, unstored)


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
