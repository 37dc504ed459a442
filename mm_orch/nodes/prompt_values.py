"""How a value of the graph's state reads inside a prompt; what comes from a page stays recognisable as such."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mm_orch.checking.citations import in_parentheses
from mm_orch.records.message import Message
from mm_orch.records.note import Note
from mm_orch.records.page import Page
from mm_orch.records.passage import Passage
from mm_orch.records.search import Hit
from mm_orch.records.source import Source

_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.S)
_TAG = re.compile(r"<(?=\s*/?\s*[0-9a-f]{8}\b)", re.I)


def as_text(value: Any, nonce: str = "") -> str:
    """Text as it is, numbers as digits, records and mappings by their parts, a list one item a line.

    A passage stands between delimiters made of ``nonce``, a word that nobody could know when the page was written.
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case Passage():
            return _delimited(value, nonce)
        case Note():
            # The number at the end is what even a small model copies along with the fact.
            return f"{harmless(' '.join(value.text.split()), nonce)} [{value.source_id}]"
        case Page():
            return f"{value.title}\n{value.text}"
        case Hit():
            return f"{value.title}: {value.snippet}"
        case Source():
            return f"[{value.id}] {value.title}"
        case Message():
            return f"{value.role}: {value.content}"
        case Mapping():
            return "\n".join(f"{name}: {as_text(part, nonce)}" for name, part in value.items())
        case list() | tuple():
            return _listed([f"- {item}" if isinstance(item, str) else as_text(item, nonce) for item in value])
    return str(value)


def harmless(text: str, nonce: str = "") -> str:
    """Text of a page without what could pass for ours: no delimiter, and ``(1)`` where it writes ``[1]``.

    A number in brackets inside code is an index and stays.
    """
    kept = _TAG.sub("‹", text.replace(nonce, "") if nonce else text)
    code = _CODE.findall(kept)
    rest = [in_parentheses(part) for part in _CODE.split(kept)]
    return "".join(part for pair in zip(rest, [*code, ""], strict=True) for part in pair)


def _delimited(passage: Passage, nonce: str) -> str:
    head = " ".join(": ".join(filter(None, (passage.title, passage.heading))).split())
    body = harmless(f"{head}\n{passage.text}".strip(), nonce)
    if not nonce:
        return f"[{passage.id}] {body}"
    return f"<{nonce}> [{passage.id}] {body}\n</{nonce}> [{passage.id}]"


def _listed(items: list[str]) -> str:
    return ("\n\n" if any("\n" in item for item in items) else "\n").join(items)
