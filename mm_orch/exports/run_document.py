"""The JSON document of a run: what ``--json`` prints and the store keeps. Keys are added, never renamed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from mm_orch.errors import MuAIError
from mm_orch.records.answer_support import AnswerSupport
from mm_orch.records.ledger import Ledger
from mm_orch.records.route import Route
from mm_orch.records.workflow_result import WorkflowResult


class JsonExporter:
    """Any result as the document that ``--json`` prints."""

    name, ending = "JSON", ".json"

    def accepts(self, result: WorkflowResult) -> bool:
        """Always: a result has a document."""
        return True

    def write(self, question: str, result: WorkflowResult) -> bytes:
        """The document, indented, in UTF-8."""
        return (json.dumps(of_result(result), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def of_result(result: WorkflowResult) -> dict[str, Any]:
    """The document of a run that ended with ``result``."""
    return {
        "run_id": result.run_id,
        "session_id": result.session_id,
        "status": result.status,
        "workflow": result.workflow,
        "route": of_route(result.route),
        "answer": result.answer,
        "data": result.data,
        "sources": [asdict(source) for source in result.sources],
        "warnings": list(result.warnings),
        "model": result.model,
        "provider": result.provider,
        "usage": asdict(result.usage),
        "timings": dict(result.timings),
        "steps": [asdict(step) for step in result.steps],
        "answer_support": of_support(result.support),
        "ledger": of_ledger(result.ledger),
        "artefacts": _artefacts(result.artefacts),
        "error": None,
    }


def of_support(support: AnswerSupport | None) -> Mapping[str, Any] | None:
    """Counts, and each sentence with the reasons for its verdict; None where nothing was checked."""
    if support is None:
        return None
    return {
        "supported": support.count("supported"),
        "unverified": support.count("unverified"),
        "contradicted": support.count("contradicted"),
        "dropped": support.left_out,
        "repaired": sum(sentence.repaired for sentence in support.sentences),
        "quoted_only": support.quoted_only,
        "sentences": [asdict(sentence) for sentence in support.sentences],
    }


def _artefacts(artefacts: Mapping[str, Any]) -> dict[str, Any]:
    """Those that have no key of their own in the document."""
    return {name: asdict(record) for name, record in artefacts.items() if name not in ("support", "ledger")}


def of_ledger(ledger: Ledger | None) -> Mapping[str, Any] | None:
    """Where the prompt's tokens went; None where nothing was selected."""
    if ledger is None:
        return None
    entries = [asdict(entry) for entry in ledger.entries]
    return {"context": ledger.context, "used": ledger.used, "left": ledger.left, "entries": entries}


def of_failure(error: BaseException, run: WorkflowResult, language: str = "en") -> dict[str, Any]:
    """The document of a run that ``error`` ended; ``run`` holds what was known by then."""
    return of_result(run) | {"status": "failed", "error": of_error(error, language)}


def of_error(error: BaseException, language: str = "en") -> dict[str, str]:
    """``type``, ``message`` and ``hint`` of an error; the hint may be empty."""
    if isinstance(error, MuAIError):
        message, hint = (sentence.said(language) for sentence in error.sentences)
        return {"type": type(error).__name__, "message": message, "hint": hint}
    return {"type": type(error).__name__, "message": str(error) or type(error).__name__, "hint": ""}


def of_route(route: Route | None) -> Mapping[str, Any] | None:
    """A route with its alternatives; None where a workflow was named."""
    if route is None:
        return None
    return {
        "workflow": route.workflow,
        "confidence": round(route.confidence, 4),
        "reason": route.reason,
        "alternatives": [
            {"workflow": other.workflow, "confidence": round(other.confidence, 4)} for other in route.alternatives
        ],
    }
