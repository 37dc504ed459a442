"""Runs of queries: one from question to result, all that are under way, and one once more from its tape."""

from __future__ import annotations

from mm_orch.orchestrator.live_runs import LiveRuns
from mm_orch.orchestrator.orchestrator import Orchestrator

__all__ = ["LiveRuns", "Orchestrator"]
