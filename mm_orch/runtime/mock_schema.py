"""An instance of a JSON schema, always the same one: what the mock writes where structure is asked for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

from mm_orch.errors import GrammarError

_DEEPEST = 32
_WORDS = {"en": "sample", "zh": "示例"}
_LONGEST = 100_000  # characters of a text, whatever a schema asks for
# What would be broken by an instance that does not look at it.
_BEYOND = {"allOf", "not", "pattern", "prefixItems", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"}


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
        if schema is True:
            return self._string({}, name)
        if not isinstance(schema, Mapping):
            raise GrammarError(f"json_schema has {schema!r} at {name!r}", hint="Give a schema object there")
        beyond = sorted(_BEYOND & schema.keys())
        if beyond:
            raise GrammarError(f"the mock cannot fill {beyond[0]!r} at {name!r}", hint="Use a real model")
        if "$ref" in schema:
            rest = {key: value for key, value in schema.items() if key != "$ref"}
            return self._value({**self._referred(schema["$ref"]), **rest}, name, depth + 1)
        if "const" in schema:
            return schema["const"]
        for key in ("enum", "examples"):
            if schema.get(key):
                return schema[key][0]
        for key in ("anyOf", "oneOf"):
            if schema.get(key):
                return self._value(schema[key][0], name, depth + 1)
        return self._typed(schema, name, depth)

    def _referred(self, reference: object) -> Mapping[str, Any]:
        node: Any = self._root
        for key in str(reference).lstrip("#/").split("/"):
            node = node.get(key) if isinstance(node, Mapping) and key else node
        if not str(reference).startswith("#") or not isinstance(node, Mapping):
            raise GrammarError(f"json_schema refers to {reference!r}", hint="Only '#/…' inside the schema works")
        return node

    def _typed(self, schema: Mapping[str, Any], name: str, depth: int) -> Any:
        kind = schema.get("type") or ("object" if schema.get("properties") else "string")
        kind = kind[0] if isinstance(kind, list) else kind
        match kind:
            case "object":
                properties = schema.get("properties", {})
                return {key: self._value(part, key, depth + 1) for key, part in properties.items()}
            case "array":
                count = min(max(1, schema.get("minItems", 1)), schema.get("maxItems", _LONGEST))
                return [self._value(schema.get("items", True), name, depth + 1) for _ in range(count)]
            case "integer" | "number":
                return _number(schema, whole=kind == "integer", name=name)
            case "boolean":
                return True
            case "null":
                return None
            case "string":
                return self._string(schema, name)
        raise GrammarError(f"json_schema has type {kind!r} at {name!r}", hint="Give a JSON type")

    def _string(self, schema: Mapping[str, Any], name: str) -> str:
        text = f"[mock] {self._word} {next(self._numbers)} ({name})"
        while len(text) < min(schema.get("minLength", 0), _LONGEST):
            text += f" {text}"
        return text[: max(schema.get("maxLength", _LONGEST), 0)]


def _number(schema: Mapping[str, Any], *, whole: bool, name: str) -> int | float:
    high = schema.get("maximum")
    value: int | float = schema.get("minimum", 1 if high is None else min(1, high))
    value = math.ceil(value) if whole else value
    if high is not None and value > high:
        raise GrammarError(f"json_schema leaves no number for {name!r}")
    return value
