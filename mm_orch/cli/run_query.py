"""One query from the command line: settings, application, answer, JSON document, exit code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from mm_orch.cli import failure, screen, start
from mm_orch.cli.answer_view import AnswerView
from mm_orch.cli.checks_view import checks
from mm_orch.cli.downloads_view import DownloadsView
from mm_orch.cli.options import RunOptions
from mm_orch.cli.progress import Progress, progress
from mm_orch.cli.stored import wait
from mm_orch.errors import Interrupted
from mm_orch.language.detection import detect

if TYPE_CHECKING:
    from mm_orch.app import App
    from mm_orch.protocols import Store
    from mm_orch.records.event import RunEvent
    from mm_orch.records.workflow_result import WorkflowResult
    from mm_orch.settings import Settings


def run_query(options: RunOptions, question: str, workflow: str | None, inputs: Mapping[str, Any]) -> None:
    """Answer one question, print it and save it. Ends with ``typer.Exit`` when the run failed."""
    from mm_orch.exports import saving

    screen.speak(options.spoken(question))
    files = saving.checked(options.save or ())
    shown = progress(quiet=options.quiet, verbose=options.verbose, language=detect(question))
    with open_app(options, shown) as app:
        _save(options, files, question, _answer(app, options, shown, question, workflow, inputs))


def resume_query(options: RunOptions, run_id: str) -> None:
    """Go on with a run that was interrupted or failed, and print its answer."""
    from mm_orch.exports import saving
    from mm_orch.parts import recorded_setup

    files = saving.checked(options.save or ())
    shown = progress(quiet=options.quiet, verbose=options.verbose)
    with open_app(_as_then(options, recorded_setup(run_id)), shown) as app:
        _save(options, files, wait(app.store.run(run_id)).query, _show(app, options, shown, app.resume(run_id)))


def _save(options: RunOptions, files: Sequence[Path], question: str, result: WorkflowResult) -> None:
    from mm_orch.exports import saving

    for file in files:
        saving.save(file, question, result)
        if not options.quiet:
            screen.note(f"saved to {file}")


def _as_then(options: RunOptions, setup: Mapping[str, Any]) -> RunOptions:
    """``options`` completed by those that the run had."""
    real = options.real_models if options.real_models is not None else setup.get("real_models")
    if options.model is None and real and setup.get("real_models"):
        options = replace(options, model=setup["model"])
    search = options.search if options.search is not None else ",".join(setup.get("search", ())) or None
    return replace(options, real_models=real if options.model is None else None, search=search)


def open_app(options: RunOptions, shown: Progress, store: Store | None = None) -> App:
    """The application that the options ask for; a real model begins to load. Tells of what was left out.

    ``store`` is kept in place of the one that the settings ask for.
    """
    chosen = options.settings()
    if chosen.real_models:
        shown.say(f"loading model {chosen.model} …")
    with ExitStack() as undone:
        undone.callback(shown.close)
        built = undone.enter_context(_built(options, chosen, shown, store))
        if not options.quiet:
            for warning in built.warnings:
                warn(shown, warning)
        # What takes longest to import, now that a real model's child is loading; with it the start is over.
        import langgraph.graph  # noqa: F401

        start.over()
        undone.pop_all()
    return built


def _built(options: RunOptions, chosen: Settings, shown: Progress, store: Store | None) -> App:
    from mm_orch import app

    downloads = DownloadsView(shown)
    return app.build(
        chosen,
        search=chosen.search.providers if options.search is not None else None,
        adapters=options.adapters(),
        announce=downloads.announce,
        progress=downloads.progress,
        store=store,
    )


def tell_more(shown: Progress, result: WorkflowResult, *, verbose: bool) -> None:
    """The result's warnings, and where it came from if its text does not say that it is a mock's.

    ``verbose``: also where the prompt's tokens went and how each sentence was checked.
    """
    from mm_orch.exports import run_document

    for line in checks(run_document.of_result(result), detect(result.answer)) if verbose else ():
        screen.note(line)
    for warning in result.warnings:
        warn(shown, warning)
    if result.provider == "mock" and "--real-models" not in result.answer:
        screen.note("[mock] add --real-models for an answer of a real model. 加上 --real-models 可得到真实回答。")


def warn(shown: Progress, text: str) -> None:
    """A warning on stderr, in a line of its own."""
    shown.close()
    screen.note("warning: " + " ".join(text.split()))


def _answer(
    app: App,
    options: RunOptions,
    shown: Progress,
    question: str,
    workflow: str | None,
    inputs: Mapping[str, Any],
) -> WorkflowResult:
    from mm_orch.records.query import Query

    query = Query(question, workflow, options.session, inputs, app.settings.language)
    return _show(app, options, shown, app.stream(query))


def _show(app: App, options: RunOptions, shown: Progress, run: Iterator[RunEvent]) -> WorkflowResult:
    """Follow a run to its end and print what came of it."""
    from mm_orch.exports import run_document

    view = AnswerView(shown, stream=options.stream, printed=not options.json)
    try:
        with closing(run) as events:  # type: ignore[type-var]
            result = view.follow(told.event for told in events)
    except (KeyboardInterrupt, Exception) as error:
        if isinstance(error, screen.OutputClosed) or view.run is None:
            raise
        told = Interrupted("interrupted") if isinstance(error, KeyboardInterrupt) else error
        document = wait(app.store.run(view.run.run_id)).document
        code = failure.report(told, as_json=options.json, verbose=options.verbose, document=document)
        raise typer.Exit(code) from error
    if not options.quiet:
        tell_more(shown, result, verbose=options.verbose)
    if options.json:
        failure.print_document(run_document.of_result(result))
    return result
