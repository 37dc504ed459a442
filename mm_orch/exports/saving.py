"""Writes results to files: the kind by the file's ending, checked before a run, complete or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mm_orch.errors import MuAIError, UsageError
from mm_orch.exports.result_html import HtmlExporter
from mm_orch.exports.result_markdown import MarkdownExporter
from mm_orch.exports.run_document import JsonExporter
from mm_orch.protocols import Exporter
from mm_orch.records.workflow_result import WorkflowResult

EXPORTERS: Mapping[str, Exporter] = {
    exporter.ending: exporter for exporter in (MarkdownExporter(), HtmlExporter(), JsonExporter())
}
"""Every kind of file that a result can be saved as, by its ending."""


def checked(names: Sequence[str]) -> list[Path]:
    """The files called ``names``. ``UsageError`` for an ending that is unknown or a file that cannot be written."""
    paths = [Path(name).expanduser() for name in names]
    for path in paths:
        if path.suffix.lower() not in EXPORTERS:
            raise UsageError("save_ending", path=str(path), known=", ".join(EXPORTERS))
        problem = _problem(path)
        if problem:
            raise UsageError("file_not_written", path=str(path), why=problem)
    return paths


def save(path: Path, question: str, result: WorkflowResult) -> None:
    """Write ``result`` to ``path``, whole or not at all. Raises ``MuAIError``."""
    exporter = EXPORTERS[path.suffix.lower()]
    if not exporter.accepts(result):
        raise MuAIError("result_not_written", path=str(path), workflow=result.workflow, name=exporter.name)
    try:
        _replace(path.resolve(), exporter.write(question, result))
    except OSError as error:
        raise MuAIError("save_failed", path=str(path), why=error.strerror) from error


def _problem(path: Path) -> str:
    """Why the file cannot be made or replaced; empty when it can."""
    folder = path.resolve().parent
    if path.is_dir():
        return "it is a folder"
    if not folder.is_dir():
        return f"there is no folder {str(folder)!r}"
    if path.exists() and not path.is_file():
        return "it is no ordinary file"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"the folder {str(folder)!r} is read-only"
    return "it is read-only" if path.exists() and not os.access(path, os.W_OK) else ""


def _replace(path: Path, content: bytes) -> None:
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if os.name == "posix":
            os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
