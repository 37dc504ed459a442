"""``muai runs replay``: a run again, from its tape alone or with another model, and how the two differ."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import typer

from mm_orch.cli import failure, screen
from mm_orch.cli.answer_view import AnswerView
from mm_orch.cli.options import RunOptions
from mm_orch.cli.progress import Silence, progress
from mm_orch.cli.run_query import open_app
from mm_orch.cli.stored import stored
from mm_orch.errors import MuAIError
from mm_orch.language.detection import detect
from mm_orch.words import LANGUAGES, say

if TYPE_CHECKING:
    from mm_orch.orchestrator.replay import Replay
    from mm_orch.protocols import Store
    from mm_orch.records.session import Run
    from mm_orch.records.workflow_result import WorkflowResult


def replay(options: RunOptions, run_id: str) -> None:
    """Print the answer and what is otherwise. Exit code 1 where the same run did not come to the same."""
    from mm_orch.app import make_replay
    from mm_orch.exports import run_document
    from mm_orch.recording.replay import differences, same

    store = stored()
    again = make_replay(store, run_id)
    recorded: Mapping[str, Any] = again.run.document or {}
    try:
        document = run_document.of_result(_result(options, store, again))
    except MuAIError as error:
        if options.model is not None or recorded.get("error") not in [
            run_document.of_error(error, one) for one in LANGUAGES
        ]:
            raise
        screen.note(failure.line(error))
        _tell(again.run, [], same=True)
        return
    alike = same(recorded, document)
    changed = [] if alike else differences(recorded, document)
    if options.json:
        failure.print_document({**document, "same": alike, "differences": changed})
    else:
        _tell(again.run, changed, same=alike)
    if not alike and options.model is None:
        if reason := again.changed():
            screen.note(reason)
        raise typer.Exit(1)


def _result(options: RunOptions, store: Store, again: Replay) -> WorkflowResult:
    from mm_orch.workflows import background

    live = options.model is not None
    shown = progress(quiet=options.quiet, verbose=options.verbose) if live else Silence()
    with ExitStack() as stack:
        engine = stack.enter_context(open_app(options, shown, store)).engine if live else None
        view = AnswerView(shown, stream=False, printed=not options.json)
        events = stack.enter_context(closing(background.iterate(again.events(engine))))  # type: ignore[type-var]
        return view.follow(events)


def _tell(run: Run, changed: list[str], *, same: bool) -> None:
    told = [say("run.same" if same else "run.differs", detect(run.query)), *changed]
    screen.out("\n" + "\n".join(told))
