"""An error as a person sees it: one line on stderr, the JSON document where one was asked for, an exit code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mm_orch.cli import screen
from mm_orch.errors import Interrupted, MuAIError
from mm_orch.words import say


def report(error: BaseException, *, as_json: bool, verbose: bool, document: Mapping[str, Any] | None = None) -> int:
    """Say what went wrong and return the exit code. ``document`` is the run's, when the error ended one."""
    if verbose:
        screen.note(trace(error))
    screen.note(line(error))
    if as_json:
        print_document(document or _document(error))
    return error.exit_code if isinstance(error, MuAIError) else 1


def trace(error: BaseException) -> str:
    """Where the error came from, for --verbose."""
    import traceback

    return "".join(traceback.format_exception(error)).rstrip()


def line(error: BaseException) -> str:
    """The error in one line."""
    language = screen.language()
    said = error.said(language) if isinstance(error, MuAIError) else f"{type(error).__name__}: {error}"
    said = " ".join(said.split())
    if isinstance(error, Interrupted):
        return said
    return say("run.failure" if isinstance(error, MuAIError) else "run.unexpected", language, error=said)


def print_document(document: Mapping[str, Any]) -> None:
    """Print a JSON document to stdout."""
    import json

    screen.out(json.dumps(document, ensure_ascii=False, indent=2))


def _document(error: BaseException) -> Mapping[str, Any]:
    from mm_orch.exports import run_document
    from mm_orch.records.workflow_result import WorkflowResult

    return run_document.of_failure(error, WorkflowResult(workflow="", result="", answer=""), screen.language())
