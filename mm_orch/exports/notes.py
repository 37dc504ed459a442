"""The notes under an exported answer."""

from __future__ import annotations

from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.words import say


def notes(result: WorkflowResult, language: str) -> list[str]:
    """How well the answer is supported, where that was checked, and which model wrote it."""
    told = []
    support = result.support
    if support is not None and support.quoted_only:
        told.append(say("export.quoted", language))
    elif support is not None:
        counts = {name: support.count(name) for name in ("supported", "unverified")}
        told.append(say("export.checks", language, dropped=support.left_out, **counts))
    return told + ([say("export.by", language, model=result.model)] if result.model else [])
