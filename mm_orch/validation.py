"""Turns pydantic's validation errors into one line: the key, what was found, what is allowed."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mm_orch.words import nearest

if TYPE_CHECKING:
    from pydantic import ValidationError

Location = tuple[int | str, ...]
_LONGEST_VALUE = 60


def dotted(location: Location) -> str:
    """``("steps", 2, "kind")`` as ``steps[2].kind``."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def describe(error: ValidationError, shape: Any) -> tuple[Location, str]:
    """Where the first problem is, and a sentence on it.

    ``shape`` is the model class, dataclass or annotation that was validated against: it tells the known keys.
    """
    problems = error.errors(include_url=False)
    first = problems[0]
    location: Location = first["loc"]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return location, _sentence(first, location, shape) + more


def _sentence(problem: Mapping[str, Any], location: Location, shape: Any) -> str:
    if problem["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"unknown key {dotted(location)!r}. {nearest(str(location[-1]), _keys(shape, location[:-1]))}"
    if problem["type"].startswith("missing"):
        return f"key {dotted(location)!r} is missing"
    message = str(problem["msg"]).removeprefix("Value error, ").replace("Input should", "it should")
    found = repr(problem["input"])
    found = found if len(found) <= _LONGEST_VALUE else found[:_LONGEST_VALUE] + "…"
    return f"{dotted(location) or 'the whole'} is {found}: {message}"


def _keys(shape: Any, location: Location) -> list[str]:
    for part in location:
        shape = _inside(shape, part)
    return list(_fields(shape))


def _inside(shape: Any, part: int | str) -> Any:
    fields = _fields(shape)
    if part in fields:
        return fields[str(part)]
    arguments = [argument for argument in typing.get_args(shape) if argument is not type(None)]
    return arguments[-1] if arguments and arguments[-1] is not Ellipsis else (arguments or [None])[0]


def _fields(shape: Any) -> dict[str, Any]:
    if hasattr(shape, "model_fields"):
        return {item.alias or name: item.annotation for name, item in shape.model_fields.items()}
    if dataclasses.is_dataclass(shape):
        return {item.name: item.type for item in dataclasses.fields(shape)}
    for argument in typing.get_args(shape):
        if hasattr(argument, "model_fields"):
            return _fields(argument)
    return {}
