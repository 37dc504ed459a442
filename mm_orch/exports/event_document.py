"""An event of a run as JSON: what a browser or another program reads of a run that goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from mm_orch.exports import run_document
from mm_orch.records.event import QueryEvent, Routed, RunEvent, RunFailed, RunFinished


def of_event(told: RunEvent) -> dict[str, Any]:
    """``run_id``, ``seq``, ``time`` and ``type`` of an event, with what it holds."""
    kind = type(told.event).__name__
    return {"run_id": told.run_id, "seq": told.seq, "time": told.time, "type": kind, **_content(told.event)}


def _content(event: QueryEvent) -> Mapping[str, Any]:
    if isinstance(event, RunFinished):
        return {"result": run_document.of_result(event.result)}
    if isinstance(event, RunFailed):
        return {"error": run_document.of_error(event.error)}
    if isinstance(event, Routed):
        return {"route": run_document.of_route(event.route)}
    return asdict(event)
