"""MuAI: language-model workflows on your own machine.

``ask`` and ``generate_text`` are resolved when they are first used; importing the package imports nothing else.
"""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["__version__", "ask", "generate_text"]


def __getattr__(name: str) -> object:
    if name in ("ask", "generate_text"):
        from mm_orch import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
