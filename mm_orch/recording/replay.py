"""How what comes out of a run that is answered again differs from what came out then."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import Any

_COMPARED = ("status", "workflow", "answer", "data", "sources", "warnings", "answer_support", "ledger", "usage")
Document = Mapping[str, Any]
"""A run's ``--json`` document."""


def same(recorded: Document, again: Document) -> bool:
    """Whether the run came to the same: everything but ids and times."""
    again = json.loads(json.dumps(again))
    return all(recorded.get(key) == again[key] for key in _COMPARED)


def differences(recorded: Document, again: Document) -> list[str]:
    """What is otherwise, as lines of a unified diff: answer, sources, how well it is supported."""
    was, now = f"recorded ({recorded.get('model')})", f"replayed ({again['model']})"
    return list(difflib.unified_diff(_told(recorded), _told(again), was, now, lineterm="", n=1))


def _told(document: Document) -> list[str]:
    """What a person compares, line by line."""
    lines = [f"status: {document.get('status')}", "", *str(document.get("answer") or "").splitlines(), ""]
    for source in document.get("sources") or ():
        lines += [f"[{source['id']}] {source['title']} {source['url']}", f"    {source['quote'] or ''}"]
    support = document.get("answer_support")
    if support:
        lines += ["", ", ".join(f"{support[name]} {name}" for name in ("supported", "unverified", "dropped"))]
    return [*lines, *(f"warning: {warning}" for warning in document.get("warnings") or ())]
