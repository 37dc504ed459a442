"""Answers that are JSON: whole ones parsed, broken-off ones saved as far as they go and never taken for whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_CLOSERS = {"{": "}", "[": "]"}


def parse(text: str) -> Any:
    """The value of a whole answer; None when it is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def salvage(text: str) -> Any:
    """What a broken-off answer holds so far, its open strings, lists and objects closed; None when nothing."""
    text = text.rstrip()
    for end in range(len(text), 0, -1):
        value = parse(_closed(text[:end].rstrip().rstrip(",")))
        if value is not None:
            return value
    return None


def blank(schema: Mapping[str, Any]) -> Any:
    """An empty value of the schema's type."""
    kind = schema.get("type")
    if kind == "object":
        return {name: blank(part) for name, part in schema.get("properties", {}).items()}
    return {"array": [], "string": ""}.get(str(kind))


def filled(value: Any, schema: Mapping[str, Any]) -> Any:
    """``value`` with everything that the schema has and it lacks as blanks; a blank when the type differs."""
    empty = blank(schema)
    if type(value) is not type(empty):
        return empty
    return {**empty, **value} if isinstance(empty, dict) else value


def is_full(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether ``value`` has everything that the schema has, and no blank text in it."""
    parts = value.values() if isinstance(value, dict) else [value]
    return bool(filled(value, schema) == value and all(part.strip() for part in parts if isinstance(part, str)))


def _closed(text: str) -> str:
    open_brackets: list[str] = []
    in_string = escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif in_string:
            escaped, in_string = character == "\\", character != '"'
        elif character == '"':
            in_string = True
        elif character in _CLOSERS:
            open_brackets.append(_CLOSERS[character])
        elif character in "]}" and open_brackets:
            open_brackets.pop()
    end = text[:-1] if escaped else text
    return end + ('"' if in_string else "") + "".join(reversed(open_brackets))
