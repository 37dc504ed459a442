"""What travels through the graph: inputs, outputs of steps, and what the run gathers on the way."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Annotated, Any, TypedDict

from mm_orch.records.usage import Usage
from mm_orch.records.workflow_result import StepTiming
from mm_orch.workflows import wiring
from mm_orch.workflows.definition import Definition


def state_type(definition: Definition) -> type:
    """A ``TypedDict`` of the definition's keys; those that gather (warnings, usage …) add up over the steps."""
    written = {key for step in definition.steps for key in step.writes.values()}
    keys = dict.fromkeys(sorted(wiring.input_keys(definition.inputs) | written), Any)
    made: type = TypedDict("State", {**keys, **_GATHERED}, total=False)  # type: ignore[misc]
    return made


def _merged(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return {**left, **right}


_GATHERED: dict[str, Any] = {
    "warnings": Annotated[list[str], operator.add],
    "usage": Annotated[Usage, operator.add],
    "steps": Annotated[list[StepTiming], operator.add],
    "degraded": Annotated[bool, operator.or_],
    "rounds": Annotated[dict[str, int], _merged],
}
