"""Where the arrows of a picture run: straight down to the next row, or in a lane at the side, none over another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """``nodes`` are the rows, top first. Ways to the same target share a lane; ways back have their own."""
    rows = {node: row for row, node in enumerate(nodes)}
    spans: dict[tuple[str, bool], tuple[int, int]] = {}
    for edge in edges:
        if _is_aside(edge, rows):
            ends = (rows[edge.source], rows[edge.target], *spans.get(_bundle(edge), ()))
            spans[_bundle(edge)] = (min(ends), max(ends))
    lanes = _lanes(spans)
    return [
        Way(edge, rows[edge.source], rows[edge.target], lanes[_bundle(edge)] if _is_aside(edge, rows) else 0)
        for edge in edges
    ]


def _is_aside(edge: Edge, rows: Mapping[str, int]) -> bool:
    return rows[edge.target] != rows[edge.source] + 1 or edge.repeats > 0


def _bundle(edge: Edge) -> tuple[str, bool]:
    return edge.target, edge.repeats > 0


def _lanes(spans: Mapping[tuple[str, bool], tuple[int, int]]) -> dict[tuple[str, bool], int]:
    """Short bundles get the inner lanes, so that long ones do not cross them."""
    lanes: dict[tuple[str, bool], int] = {}
    taken: list[list[tuple[int, int]]] = []
    for bundle, (low, high) in sorted(spans.items(), key=lambda item: (item[1][1] - item[1][0], item[1])):
        free = (at for at, used in enumerate(taken) if all(high < start or end < low for start, end in used))
        lane = next(free, len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        lanes[bundle] = lane + 1
    return lanes
