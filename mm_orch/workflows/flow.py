"""Which step can follow which, and when: read from the steps, used to compile the graph and to draw it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mm_orch.nodes.base import Node
from mm_orch.nodes.guards import Guard
from mm_orch.workflows.definition import Definition

START, END = "__start__", "__end__"


@dataclass(frozen=True, slots=True)
class Edge:
    """From one step to another (or ``START``, ``END``) when all ``guards`` hold; ``repeats`` if it leads back."""

    source: str
    target: str
    guards: tuple[Guard, ...] = ()
    repeats: int = 0


def edges(definition: Definition) -> list[Edge]:
    """Every way that a run can take, in the order in which it is tried.

    A way that would need a key to be filled that nothing can have written by then is left out.
    """
    return [edge for at in range(-1, len(definition.steps)) for edge in _from(definition, at)]


def _from(definition: Definition, at: int) -> Iterator[Edge]:
    steps = definition.steps
    source = steps[at].id if at >= 0 else START
    known = _facts(definition, at)
    repeat = steps[at].repeat if at >= 0 else None
    if repeat is not None:
        back = _place(steps, repeat.back_to)
        yield from _onwards(steps, back, source, known, [repeat.guard], repeat.at_most)
    yield from _onwards(steps, at + 1, source, known, [], 0)


def _onwards(
    steps: Sequence[Node], start: int, source: str, known: Mapping[str, bool], taken: list[Guard], repeats: int
) -> Iterator[Edge]:
    """The edges from ``source`` to the first step from ``start`` on whose guard can hold."""
    facts, conditions = dict(known) | {guard.key: guard.empty for guard in taken}, list(taken)
    for step in steps[start:]:
        guard = step.when
        if guard is None or facts.get(guard.key) == guard.empty:
            yield Edge(source, step.id, tuple(conditions), repeats)
            return
        if guard.key in facts:
            continue
        yield Edge(source, step.id, (*conditions, guard), repeats)
        facts[guard.key] = not guard.empty
        conditions.append(guard.negated())
    yield Edge(source, END, tuple(conditions), repeats)


def _facts(definition: Definition, at: int) -> dict[str, bool]:
    """Keys of which it is sure after step ``at`` that they are empty, or not.

    Empty is what only steps write that cannot have run by then; and a step's own guard held when it began.
    """
    steps = definition.steps
    own = steps[at].when if at >= 0 else None
    held = {own.key: own.empty} if own and own.key not in steps[at].writes.values() else {}
    reached = max([at, *(place for place, step in enumerate(steps) if _leads_back_to(steps, step, at))])
    written = {key for step in steps[: reached + 1] for key in step.writes.values()}
    later = {key for step in steps[reached + 1 :] for key in step.writes.values()}
    return dict.fromkeys(later - written - set(definition.inputs), True) | held


def _leads_back_to(steps: Sequence[Node], step: Node, at: int) -> bool:
    return step.repeat is not None and _place(steps, step.repeat.back_to) <= at


def _place(steps: Sequence[Node], step_id: str) -> int:
    return next(place for place, step in enumerate(steps) if step.id == step_id)
