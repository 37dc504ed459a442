"""Reads one YAML file that a person wrote, and says where it is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from mm_orch.errors import ConfigError

DEEPEST = 50
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """A safe loader that refuses the same key twice, where YAML libraries keep the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} is there twice", key.start_mark
                )
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else "")
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def read(path: Path, error: type[ConfigError]) -> dict[str, Any]:
    """The mapping in ``path``; an empty file is an empty mapping.

    Raises ``error`` naming the file and, where there is one, the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        _check_depth(text)
        document = yaml.load(text, Loader=_Loader)
    except OSError as problem:
        raise error(f"{path} cannot be read: {problem.strerror or problem}") from problem
    except UnicodeDecodeError as problem:
        raise error(f"{path} is not UTF-8 text", hint="Save the file as UTF-8") from problem
    except (yaml.YAMLError, ValueError) as problem:
        raise error(f"{path}{_line(problem)} is not valid YAML: {_reason(problem)}") from problem
    if document is None:
        return {}
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise error(f"{path} holds {_kind(document)}", hint="It should hold keys and values, as in 'model: gpt2'")
    return document


def _check_depth(text: str) -> None:
    # libyaml's composer recurses on the C stack: a file of brackets would end the process.
    depth = 0
    event: Any
    for event in yaml.parse(text, Loader=_Base):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(None, None, "it is nested too deeply", event.start_mark)


def _line(problem: Exception) -> str:
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    return f", line {mark.line + 1}, column {mark.column + 1}," if mark else ""


def _reason(problem: Exception) -> str:
    return str(getattr(problem, "problem", None) or getattr(problem, "reason", None) or problem).split("\n")[0]


def _kind(document: object) -> str:
    if isinstance(document, dict):
        return f"the key {next(key for key in document if not isinstance(key, str))!r}, which is not text"
    return "a list" if isinstance(document, list) else f"only {document!r:.60}"
