"""The final state of a graph as the result that people get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mm_orch.nodes.prompt_values import as_text
from mm_orch.records.engine_info import EngineInfo
from mm_orch.records.usage import Usage
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.workflows.definition import Definition


def outcome(definition: Definition, state: Mapping[str, Any], engine: EngineInfo, seconds: float) -> WorkflowResult:
    """``state`` is the graph's last, ``seconds`` how long the whole run took."""
    output = definition.output
    answer = as_text(state.get(output.answer)).strip()
    data = {name: state.get(key) for name, key in output.data.items()}
    steps = tuple(state.get("steps", ()))
    return WorkflowResult(
        definition.name,
        data or answer,
        answer,
        "degraded" if state.get("degraded") else "ok",
        data or None,
        tuple(state.get(output.sources or "") or ()),
        tuple(dict.fromkeys(state.get("warnings", ()))),
        engine.model,
        engine.provider,
        state.get("usage", Usage()),
        _timings(steps) | {"total": seconds},
        steps,
        artefacts={name: state[key] for name, key in output.records().items() if state.get(key) is not None},
    )


def _timings(steps: tuple[Any, ...]) -> dict[str, float]:
    timings: dict[str, float] = {}
    for step in steps:
        timings[step.id] = timings.get(step.id, 0.0) + step.seconds
    return timings
