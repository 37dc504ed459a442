"""A conversation as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from mm_orch.records.session import StoredMessage

_NAMES = {"user": "**You**", "assistant": "**MuAI**", "system": "**System**"}


def conversation_markdown(title: str, messages: Iterable[StoredMessage]) -> str:
    """A heading, then what each side said under its name."""
    turns = [f"{_NAMES[message.role]}:\n\n{message.content.strip()}\n" for message in messages]
    return "\n".join([f"# {title}\n", *turns])
