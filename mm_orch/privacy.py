"""Keeps libraries from sending anything unasked: LangSmith traces, hub telemetry; and from trusting stored rows.

Two doors, because an embedding program owns its environment: ``keep_private`` is for MuAI's own process,
``untraced`` for every graph that MuAI runs, also in someone else's program, where nothing outside the run changes.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager

_ENVIRONMENT = {
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "LANGGRAPH_STRICT_MSGPACK": "true",
}


def keep_private() -> None:
    """Set the switches of LangSmith, huggingface_hub and LangGraph, whatever the environment says.

    They are read when those packages are imported: call it first thing in ``main``.
    """
    os.environ.update(_ENVIRONMENT)


def untraced() -> AbstractContextManager[None]:
    """A block in which LangSmith records nothing, even where the embedding program has switched it on.

    Enter it in the task that runs the graph: it is a context variable. Imports langsmith, as LangGraph does.
    """
    from langsmith.run_helpers import tracing_context

    return tracing_context(enabled=False)
