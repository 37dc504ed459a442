"""Requests and answers of the seams as JSON, and back into the records they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from mm_orch import errors
from mm_orch.errors import MuAIError, StorageError
from mm_orch.records.prompt_text import PromptText

T = TypeVar("T")


def plain(value: Any) -> Any:
    """``value`` as what JSON knows: records by field name, tuples as lists, a rendered prompt with its spans."""
    if isinstance(value, PromptText):
        return {"spans": plain(value.spans), "messages": plain(value.messages), "most": value.max_history_tokens}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def text(value: Any) -> str:
    """``value`` as JSON text: the same text for the same value."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def key(request: Any) -> str:
    """The SHA-256 of a request's JSON text: the answer to it is found again under this."""
    return hashlib.sha256(text(request).encode("utf-8", "surrogatepass")).hexdigest()


def record(kind: type[T], value: Any) -> T:
    """``value``, as ``plain`` made it, as the record it was. Raises ``StorageError`` where ``kind`` has changed."""
    try:
        found: T = _adapter(kind).validate_python(value)  # type: ignore[arg-type]
    except ValidationError as error:
        raise StorageError("recorded_by_older", kind=kind.__name__) from error
    return found


@lru_cache(maxsize=32)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def error_of(value: Mapping[str, Any]) -> MuAIError:
    """The error that ``errors.as_json`` described, or the text of one that an older version recorded."""
    if "state" not in value:
        return errors.of_json(value)
    state = value["state"]
    text = {"message": state.get("message", ""), "hint": state.get("hint", "")}
    return errors.of_json({"type": value["error"], "key": "", "values": state, **text})
