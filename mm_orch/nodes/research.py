"""Finds the passages that an answer rests on: ask, search, read, select, and again for what is missing."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeVar, get_args

from pydantic import Field

from mm_orch.nodes.base import Node, Section, Values
from mm_orch.nodes.fetch import FetchLimits, FetchNode
from mm_orch.nodes.query import QueryLimits, QueryNode
from mm_orch.nodes.search import SearchLimits, SearchNode
from mm_orch.nodes.select import SelectLimits, SelectNode
from mm_orch.nodes.step_run import StepRun

_Node = TypeVar("_Node", bound=Node)


class ResearchLimits(QueryLimits, SearchLimits, FetchLimits, SelectLimits):
    """The limits of the kinds query, search, fetch and select; ``rounds`` is how often they may be gone through."""

    rounds: int = Field(2, ge=1, le=5)


class ResearchNode(Node):
    """Searches, reads pages and keeps the passages that suit the question; once more where they do not cover it.

    What the kinds query, search, fetch and select do one after the other, with their keys and limits. A later
    round searches for other words, the missing ones first, and keeps what the rounds before it found.
    """

    slots: ClassVar[tuple[str, ...]] = ("question",)
    optional: ClassVar[tuple[str, ...]] = ("history",)
    outputs: ClassVar[tuple[str, ...]] = ("passages", "question", "ledger", "coverage", "missing", "overflow")

    kind: Literal["research"]
    prompt: str
    standalone: str | None = None
    expand: str | None = None
    limits: ResearchLimits = ResearchLimits()

    def prompts_used(self) -> dict[str, str]:
        return {"prompt": self.prompt, **self._query().prompts_used()}

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        parts = (
            self._query(),
            self._part(SearchNode, SearchLimits),
            self._part(FetchNode, FetchLimits),
            self._part(SelectNode, SelectLimits, prompt=self.prompt),
        )
        known: dict[str, Any] = {name: self.given(state, name) for name in ("question", "history")}
        for _ in range(self.limits.rounds):
            for part in parts:
                known |= await part.run(known, run)
            if known["covered"]:
                break
        return {name: known[name] for name in self.outputs}

    def _query(self) -> QueryNode:
        return self._part(QueryNode, QueryLimits, standalone=self.standalone, expand=self.expand)

    def _part(self, kind: type[_Node], limits: type[Section], **keys: Any) -> _Node:
        """The step of ``kind`` within this one; what an earlier round found is what it ``earlier`` wrote."""
        own = limits(**{name: getattr(self.limits, name) for name in limits.model_fields})
        reads = {name: kind.outputs[0] if name == "earlier" else name for name in (*kind.slots, *kind.optional)}
        writes = {name: name for name in kind.outputs}
        [name] = get_args(kind.model_fields["kind"].annotation)
        return kind.model_validate(
            {"id": self.id, "kind": name, "reads": reads, "writes": writes, "limits": own, **keys}
        )
