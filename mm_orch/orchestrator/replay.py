"""A stored run once more, from what was recorded of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from mm_orch import __version__
from mm_orch.errors import InvalidInput, StorageError
from mm_orch.nodes.base import Deps
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import TextEngine
from mm_orch.recording.recorded_run import Beginning, Choice, beginning_of, choice_of, file_hash
from mm_orch.recording.seams import RecordingEngine, RecordingEngines, RecordingFetcher, RecordingSearch
from mm_orch.recording.tape import Tape
from mm_orch.records.event import QueryEvent, Routed
from mm_orch.records.recorded_call import RecordedCall
from mm_orch.records.session import Run
from mm_orch.workflows.catalogue import Catalogue
from mm_orch.workflows.compiler import compile_workflow


@dataclass(frozen=True, slots=True)
class Replay:
    """``run`` with its recorded ``calls``; nothing of a replay is stored."""

    run: Run
    calls: Sequence[RecordedCall]
    catalogue: Catalogue
    prompts: PromptLibrary

    async def events(self, engine: TextEngine | None = None) -> AsyncIterator[QueryEvent]:
        """The run again, a ``RunFinished`` last; an ``engine`` writes anew, from the recorded searches and pages.

        Raises what the run raised, and ``StorageError`` where it asks for what was not recorded.
        """
        choice = self._choice()
        if choice.route is not None:
            yield Routed(choice.route)
        definition = self.catalogue.get(choice.workflow)
        try:
            inputs = definition.inputs_from(choice.inputs)
            async with aclosing(compile_workflow(definition).events(inputs, self._deps(engine))) as events:
                async for event in events:
                    yield event
        except StorageError as error:
            changed = self.changed()
            raise StorageError(f"{error.message}{changed and '; '}{changed}", hint=error.hint) from error

    def changed(self) -> str:
        """What is not as it was when the run was recorded, in words; empty where nothing is."""
        choice = self._choice()
        path = self.catalogue.get(choice.workflow).path
        if self._beginning().version != __version__:
            return "the run was recorded by an older version of MuAI"
        return "" if choice.definition == file_hash(path) else f"{str(path)!r} has changed since the run"

    def _beginning(self) -> Beginning:
        return beginning_of(self.run.id, self.calls)

    def _choice(self) -> Choice:
        run = self.run
        if run.document is None or run.status in ("running", "interrupted"):
            hint = f"muai runs resume {run.id} lets it go on" if run.status == "interrupted" else "Wait for its end"
            raise InvalidInput(f"run {run.id!r} has not come to its end: its status is {run.status!r}", hint=hint)
        self._beginning()
        choice = choice_of(self.calls)
        if choice is None:
            message = f"run {run.id!r} ended before a workflow was chosen"
            raise InvalidInput(message, hint="There is nothing to replay")
        return choice

    def _deps(self, engine: TextEngine | None) -> Deps:
        tape, beginning = Tape(self.run.id, self.calls), self._beginning()
        return Deps(
            engine or RecordingEngine(tape, None),
            self.prompts,
            RecordingSearch(tape, None, any_query=engine is not None),
            RecordingFetcher(tape, None, recorded_only=engine is not None),
            beginning.limits,
            nonce=beginning.nonce,
            engines=None if engine else RecordingEngines(tape, None),
        )
