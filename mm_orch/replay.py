"""A run once more from what was recorded of it, and how what comes out differs from what came out then."""

from __future__ import annotations

import difflib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from mm_orch.errors import InvalidInput, MuAIError, StorageError
from mm_orch.exports import run_document
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import RunStore, TapeStore, TextEngine
from mm_orch.recorded_run import beginning_of, choice_of, file_hash, played
from mm_orch.recording.tape import Tape
from mm_orch.records.event import QueryEvent, Routed
from mm_orch.records.session import Run
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.workflows.compiler import compile_workflow
from mm_orch.workflows.definition import Catalogue

_COMPARED = ("status", "workflow", "answer", "data", "sources", "warnings", "answer_support", "ledger", "usage")
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Replay:
    """Replays runs of ``store`` from ``tapes``; neither gets anything new."""

    catalogue: Catalogue
    prompts: PromptLibrary
    store: RunStore
    tapes: TapeStore

    async def events(self, run_id: str, engine: TextEngine | None = None) -> AsyncIterator[QueryEvent]:
        """The run again, a ``RunFinished`` last; an ``engine`` writes anew, from the recorded searches and pages.

        Raises what the run raised, and ``StorageError`` where it asks for what was not recorded.
        """
        run = _ended(self.store.run(run_id))
        calls = self.tapes.calls(run_id)
        beginning, choice = beginning_of(run_id, calls), choice_of(calls)
        if choice is None:
            raise InvalidInput(
                f"run {run_id!r} ended before a workflow was chosen", hint="There is nothing to replay"
            )
        if choice.route is not None:
            yield Routed(choice.route)
        definition = self.catalogue.get(choice.workflow)
        deps = played(Tape(run.id, calls), self.prompts, beginning, engine)
        inputs = definition.inputs_from(choice.inputs)
        try:
            async with aclosing(compile_workflow(definition).events(inputs, deps)) as events:
                async for event in events:
                    yield event
        except StorageError as error:
            if choice.definition == file_hash(definition):
                raise
            changed = f"{error.message}; {str(definition.path)!r} has changed since the run"
            raise StorageError(changed, hint=error.hint) from error


def same(recorded: Document, result: WorkflowResult) -> bool:
    """Whether the run came to the same: everything but ids and times."""
    again = json.loads(json.dumps(run_document.of_result(result)))
    return all(recorded.get(key) == again[key] for key in _COMPARED)


def differences(recorded: Document, result: WorkflowResult) -> list[str]:
    """What is otherwise, as lines of a unified diff: answer, sources, how well it is supported."""
    again = json.loads(json.dumps(run_document.of_result(result)))
    before, after = _told(recorded), _told(again)
    was, now = f"recorded ({recorded.get('model')})", f"replayed ({again['model']})"
    return list(difflib.unified_diff(before, after, was, now, lineterm="", n=1))


def same_error(recorded: Document, error: MuAIError) -> bool:
    """Whether the run failed as it did then."""
    return recorded.get("error") == run_document.of_error(error)


def _told(document: Document) -> list[str]:
    """What a person compares, line by line."""
    lines = [f"status: {document.get('status')}", "", *str(document.get("answer") or "").splitlines(), ""]
    for source in document.get("sources") or ():
        lines += [f"[{source['id']}] {source['title']} {source['url']}", f"    {source['quote'] or ''}"]
    support = document.get("answer_support")
    if support:
        lines += ["", ", ".join(f"{support[name]} {name}" for name in ("supported", "unverified", "dropped"))]
    return [*lines, *(f"warning: {warning}" for warning in document.get("warnings") or ())]


def _ended(run: Run) -> Run:
    if run.document is None or run.status in ("running", "interrupted"):
        hint = f"muai runs resume {run.id} lets it go on" if run.status == "interrupted" else "Wait for its end"
        raise InvalidInput(f"run {run.id!r} has not come to its end: its status is {run.status!r}", hint=hint)
    return run
