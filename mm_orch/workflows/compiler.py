"""A definition as a LangGraph graph, and a run of it as a stream of events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from mm_orch import privacy
from mm_orch.errors import MuAIError, WorkflowError
from mm_orch.nodes.base import Deps, Node
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.url_policy import with_url_policy
from mm_orch.records.event import RunFinished, StepFinished, StepLedger, StepStarted, WorkflowEvent
from mm_orch.records.ledger import Ledger
from mm_orch.records.workflow_result import StepTiming
from mm_orch.workflows.definition import Definition
from mm_orch.workflows.flow import END, START, Edge, edges
from mm_orch.workflows.outcome import outcome
from mm_orch.workflows.state import state_type

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph
    from langgraph.runtime import Runtime

State = Mapping[str, Any]
_STEP: ContextVar[str] = ContextVar("step", default="")


def current_step() -> str:
    """The id of the step that the calling task works for; empty outside of steps."""
    return _STEP.get()


class CompiledWorkflow:
    """One definition, ready to run: any number of times, with any dependencies, several at once."""

    def __init__(self, definition: Definition, graph: CompiledStateGraph[Any, Deps, Any, Any]) -> None:
        self.definition = definition
        self.graph = graph

    async def events(self, inputs: Mapping[str, Any], deps: Deps) -> AsyncGenerator[WorkflowEvent, None]:
        """Run it; the last event is a ``RunFinished``. Closing the iterator stops the run and the model.

        ``inputs`` are checked ones: ``Definition.inputs_from`` or ``inputs_from_query``. Raises ``MuAIError``.
        """
        started = deps.clock()
        deps = with_url_policy(deps, inputs)
        state: State = inputs
        with privacy.untraced():
            stream = self.graph.astream(
                dict(inputs),
                context=deps,
                stream_mode=["custom", "values"],
                config={"recursion_limit": self._most_steps()},
            )
            async with aclosing(stream) as parts:  # type: ignore[type-var]
                part: Any
                async for mode, part in parts:
                    if mode == "custom":
                        yield part
                    else:
                        state = part
        engine = await deps.engine.info()
        yield RunFinished(outcome(self.definition, state, engine, deps.clock() - started))

    def _most_steps(self) -> int:
        rounds = 1 + sum(step.repeat.at_most for step in self.definition.steps if step.repeat)
        return len(self.definition.steps) * rounds + 2


def compile_workflow(definition: Definition) -> CompiledWorkflow:
    """The graph of a definition that was checked when it was loaded."""
    from langgraph.graph import StateGraph

    graph: StateGraph[Any, Deps, Any, Any] = StateGraph(state_type(definition), context_schema=Deps)
    ways = edges(definition)
    for step in definition.steps:
        graph.add_node(step.id, _call(step))
    for source in (START, *(step.id for step in definition.steps)):
        leaving = [edge for edge in ways if edge.source == source]
        graph.add_conditional_edges(source, _choose(leaving), sorted({edge.target for edge in leaving}))
    return CompiledWorkflow(definition, graph.compile(name=definition.name))


def _choose(leaving: list[Edge]) -> Callable[[State], str]:
    def choose(state: State) -> str:
        for edge in leaving:
            spent = edge.repeats and state.get("rounds", {}).get(edge.source, 0) > edge.repeats
            if not spent and all(guard.holds(state) for guard in edge.guards):
                return edge.target
        return END

    return choose


def _call(step: Node) -> Any:
    async def call(state: State, runtime: Runtime[Deps]) -> dict[str, Any]:
        deps = step.own(runtime.context)
        run = StepRun(step.id, deps, state.get("language", "en"), runtime.stream_writer)
        _STEP.set(step.id)
        run.emit(StepStarted(step.id, step.kind))
        started = deps.clock()
        written = await _run(step, state, run)
        seconds = deps.clock() - started
        for ledger in (value for value in written.values() if isinstance(value, Ledger)):
            run.emit(StepLedger(step.id, ledger))
        run.emit(StepFinished(step.id, step.kind, seconds, run.tokens_per_second))
        return written | {
            "warnings": run.warnings,
            "degraded": run.degraded,
            "usage": run.usage,
            "steps": [StepTiming(step.id, step.kind, seconds)],
            "rounds": {step.id: state.get("rounds", {}).get(step.id, 0) + 1} if step.repeat else {},
        }

    return call


async def _run(step: Node, state: State, run: StepRun) -> dict[str, Any]:
    try:
        outputs = await step.run(state, run)
    except MuAIError as error:
        error.add_note(f"in step {step.id!r} ({step.kind})")
        raise
    except Exception as error:
        raise WorkflowError(f"step {step.id!r} ({step.kind}) failed: {type(error).__name__}: {error}") from error
    return {step.writes[name]: value for name, value in outputs.items() if name in step.writes}
