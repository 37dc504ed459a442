"""How a value of the graph's state reads inside a prompt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mm_orch.records.message import Message
from mm_orch.records.note import Note
from mm_orch.records.page import Page
from mm_orch.records.search import Hit
from mm_orch.records.source import Source


def worded(value: Any) -> str:
    """Text as it is, numbers as digits, records and mappings by their parts, a list one item a line."""
    match value:
        case None:
            return ""
        case str():
            return value
        case Note():
            # The number at the end is what even a small model copies along with the fact.
            return f"{' '.join(value.text.split())} [{value.source_id}]"
        case Page():
            return f"{value.title}\n{value.text}"
        case Hit():
            return f"{value.title}: {value.snippet}"
        case Source():
            return f"[{value.id}] {value.title}"
        case Message():
            return f"{value.role}: {value.content}"
        case Mapping():
            return "\n".join(f"{name}: {worded(part)}" for name, part in value.items())
        case list() | tuple():
            return _listed([f"- {item}" if isinstance(item, str) else worded(item) for item in value])
    return str(value)


def _listed(items: list[str]) -> str:
    return ("\n\n" if any("\n" in item for item in items) else "\n").join(items)
