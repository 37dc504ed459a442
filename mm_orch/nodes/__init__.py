"""The kinds of steps that a workflow file can name: this list and no other."""

from __future__ import annotations

from mm_orch.nodes.base import Node
from mm_orch.nodes.compose import ComposeNode
from mm_orch.nodes.fetch import FetchNode
from mm_orch.nodes.generate import GenerateNode
from mm_orch.nodes.lesson import LessonNode
from mm_orch.nodes.map import MapNode
from mm_orch.nodes.query import QueryNode
from mm_orch.nodes.research import ResearchNode
from mm_orch.nodes.search import SearchNode
from mm_orch.nodes.select import SelectNode
from mm_orch.nodes.summarize import SummarizeNode
from mm_orch.nodes.verify import VerifyNode

KINDS: dict[str, type[Node]] = {
    "research": ResearchNode,
    "query": QueryNode,
    "search": SearchNode,
    "fetch": FetchNode,
    "select": SelectNode,
    "summarize": SummarizeNode,
    "generate": GenerateNode,
    "map": MapNode,
    "lesson": LessonNode,
    "compose": ComposeNode,
    "verify": VerifyNode,
}
