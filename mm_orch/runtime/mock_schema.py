"""A valid instance of a JSON schema, always the same one: what the mock writes where structure is asked for."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from mm_orch.errors import GrammarError

_DEEPEST = 32
_WORDS = {"en": "sample", "zh": "示例"}
_LONGEST = 100_000


class SchemaInstance:
    """Writes one instance of ``schema``; every string in it is numbered, so that no two are the same."""

    def __init__(self, schema: Mapping[str, Any], language: str) -> None:
        self._root = schema
        self._word = _WORDS[language]
        self._numbers = itertools.count(1)

    def write(self) -> Any:
        """The instance. Raises ``GrammarError`` naming the part of the schema that cannot be filled."""
        return self._value(self._root, "value", 0)

    def _value(self, schema: Any, name: str, depth: int) -> Any:
        if depth > _DEEPEST:
            raise GrammarError(f"json_schema nests deeper than {_DEEPEST} levels at {name!r}")
        if schema is True or schema == {}:
            return self._string({}, name)
        if not isinstance(schema, Mapping):
            raise GrammarError(f"json_schema has {schema!r} at {name!r}", hint="Give a schema object there")
        schema = self._merged(schema, depth)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return schema["enum"][0]
        for key in ("anyOf", "oneOf"):
            if schema.get(key):
                return self._value(schema[key][0], name, depth + 1)
        return self._typed(schema, name, depth)

    def _merged(self, schema: Mapping[str, Any], depth: int) -> Mapping[str, Any]:
        for _ in range(_DEEPEST):
            if "$ref" not in schema:
                break
            rest = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**self._referred(schema["$ref"]), **rest}
        merged: dict[str, Any] = {}
        for part in schema.get("allOf", ()):
            part = self._merged(part, depth + 1)
            merged |= {**part, "properties": {**merged.get("properties", {}), **part.get("properties", {})}}
        return {**merged, **schema}

    def _referred(self, reference: object) -> Mapping[str, Any]:
        node: Any = self._root
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise GrammarError(f"json_schema refers to {reference!r}", hint="Only '#/…' inside the schema works")
        for key in reference.lstrip("#/").split("/"):
            if key and not (isinstance(node, Mapping) and key in node):
                raise GrammarError(f"json_schema refers to {reference!r}, which it does not have")
            node = node[key] if key else node
        if not isinstance(node, Mapping):
            raise GrammarError(f"json_schema refers to {reference!r}, which is no schema")
        return node

    def _typed(self, schema: Mapping[str, Any], name: str, depth: int) -> Any:
        kind = schema.get("type") or ("object" if schema.get("properties") else "string")
        kind = kind[0] if isinstance(kind, list) else kind
        match kind:
            case "object":
                properties = schema.get("properties", {})
                return {key: self._value(part, key, depth + 1) for key, part in properties.items()}
            case "array":
                return self._array(schema, name, depth)
            case "integer" | "number":
                return _number(schema, whole=kind == "integer", name=name)
            case "boolean":
                return True
            case "null":
                return None
            case "string":
                return self._string(schema, name)
        raise GrammarError(f"json_schema has type {kind!r} at {name!r}", hint="Give a JSON type")

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        first: Sequence[Any] = schema.get("prefixItems", ())
        least, most = schema.get("minItems", max(1, len(first))), schema.get("maxItems")
        count = least if most is None else min(max(least, 1), most)
        items = schema.get("items", {})
        return [self._value(first[i] if i < len(first) else items, name, depth + 1) for i in range(count)]

    def _string(self, schema: Mapping[str, Any], name: str) -> str:
        if "pattern" in schema:
            raise GrammarError(f"the mock cannot fill pattern {schema['pattern']!r} at {name!r}")
        least, most = schema.get("minLength", 0), schema.get("maxLength", _LONGEST)
        text = f"[mock] {self._word} {next(self._numbers)} ({name})"
        while len(text) < min(least, _LONGEST):
            text += f" {text}"
        return text[: max(most, 0)] if len(text) > most else text


def _number(schema: Mapping[str, Any], *, whole: bool, name: str) -> int | float:
    low = schema.get("minimum")
    if low is None and "exclusiveMinimum" in schema:
        low = schema["exclusiveMinimum"] + 1
    high = schema.get("maximum")
    if high is None and "exclusiveMaximum" in schema:
        high = schema["exclusiveMaximum"] - 1
    value = low if low is not None else min(1, high) if high is not None else 1
    step = schema.get("multipleOf")
    if step:
        value = -(-value // step) * step
    if high is not None and value > high:
        raise GrammarError(f"json_schema leaves no number for {name!r}")
    return int(-(-value // 1)) if whole else value
