"""SearchQA: search, read, take notes, answer with sources (``workflows/search_qa.yaml``)."""

from __future__ import annotations

from typing import ClassVar

from mm_orch.workflows.base import BaseWorkflow


class SearchQAWorkflow(BaseWorkflow):
    """``execute({"query": …})``; the result is the answer as text, ``sources`` has what it cites."""

    name: ClassVar[str] = "search_qa"
