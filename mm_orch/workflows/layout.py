"""Where the arrows of a picture run: straight down to the next row, or in a lane at the side, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mm_orch.workflows.flow import Edge


@dataclass(frozen=True, slots=True)
class Way:
    """An edge from row to row (0 is the top); ``lane`` 0 is straight down, 1 and more lie ever further out."""

    edge: Edge
    source: int
    target: int
    lane: int


def arrange(nodes: Sequence[str], edges: Sequence[Edge]) -> list[Way]:
    """``nodes`` are the rows from top to bottom."""
    rows = {node: row for row, node in enumerate(nodes)}
    taken: list[list[tuple[int, int]]] = []
    ways: list[Way] = []
    # Short ways get the inner lanes, so that long ones do not cross them.
    for edge in sorted(edges, key=lambda edge: abs(rows[edge.target] - rows[edge.source])):
        source, target = rows[edge.source], rows[edge.target]
        lane = 0 if target == source + 1 and not edge.repeats else _lane(taken, source, target)
        ways.append(Way(edge, source, target, lane))
    return sorted(ways, key=lambda way: (way.source, way.lane))


def _lane(taken: list[list[tuple[int, int]]], source: int, target: int) -> int:
    low, high = min(source, target), max(source, target)
    for number, spans in enumerate(taken, 1):
        if all(high < start or end < low for start, end in spans):
            spans.append((low, high))
            return number
    taken.append([(low, high)])
    return len(taken)
