"""GBNF grammars and JSON schemas, checked before anything native sees them: llama.cpp dies of some."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

from mm_orch.errors import GrammarError
from mm_orch.records.generation_config import GenerationConfig

MOST_CHARACTERS, MOST_DEPTH, MOST_RULES = 500_000, 400, 1_000
_TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)|(?P<define>::=)|(?P<name>[A-Za-z0-9_-]+)|(?P<text>"(?:\\.|[^"\\\n])*")"""
    r"""|(?P<chars>\[(?:\\.|[^\]\\\n])*\]|\.|!?<[^>\n]*>)|(?P<repeat>[*+?]|\{[\d\s,]*\})|(?P<mark>[()|])""",
    re.VERBOSE,
)
# What it is (a rule's name, the alternatives of a group, None for characters), and whether it may be left out.
_Item = tuple[Any, bool]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def of_config(config: GenerationConfig) -> str | None:
    """The checked grammar that ``config`` asks for, None if it asks for none; raises ``GrammarError``."""
    if config.json_schema is not None:
        return from_schema(config.json_schema)
    if config.grammar is not None:
        check(config.grammar)
    return config.grammar


def from_schema(schema: Mapping[str, Any]) -> str:
    """The grammar of the JSON texts that ``schema`` describes; raises ``GrammarError``."""
    try:
        return _convert(json.dumps(schema))
    except (TypeError, ValueError, RecursionError) as error:
        raise GrammarError(f"the JSON schema cannot be used: {error}") from error


@lru_cache(maxsize=64)
def _convert(schema: str) -> str:
    from mm_orch.engine.context import native_schema_to_grammar

    try:
        text = native_schema_to_grammar(schema)
    except RecursionError as error:
        raise GrammarError("the JSON schema is nested too deeply, or refers to itself without end") from error
    except Exception as error:
        what = str(error) or type(error).__name__
        raise GrammarError(f"the JSON schema cannot be turned into a grammar: {what}") from error
    check(text)
    return text


def check(text: str) -> None:
    """Raise ``GrammarError`` for a grammar that is too large or deep, malformed, or recursive on its left."""
    if len(text) > MOST_CHARACTERS:
        raise GrammarError(f"the grammar has {len(text)} characters; at most {MOST_CHARACTERS} are allowed")
    rules = _parse(list(_tokens(text)))
    if "root" not in rules:
        raise GrammarError("the grammar has no rule 'root'", hint="Start it with: root ::= …")
    if len(rules) > MOST_RULES:
        raise GrammarError(f"the grammar has {len(rules)} rules; at most {MOST_RULES} are allowed")
    _refuse_left_recursion(rules)


def _tokens(text: str) -> Iterator[_Token]:
    at, line = 0, 1
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            found = text[at : at + 20].split("\n")[0]
            raise GrammarError(f"the grammar has {found!r} in line {line}, which is not GBNF")
        at, kind = match.end(), match.lastgroup or ""
        if kind != "skip":
            yield _Token(kind, match.group(), line)
        line += match.group().count("\n")


def _parse(tokens: list[_Token]) -> dict[str, list[list[_Item]]]:
    """The alternatives of each rule; a rule starts where a name is followed by ``::=``."""
    starts = [i for i, token in enumerate(tokens) if token.kind == "define"]
    if not starts or starts[0] != 1:
        raise GrammarError("the grammar does not start with a rule", hint="Start it with: root ::= …")
    rules: dict[str, list[list[_Item]]] = {}
    for start, after in zip(starts, [*starts[1:], len(tokens) + 1], strict=True):
        name = tokens[start - 1]
        if name.kind != "name":
            raise GrammarError(f"the grammar has {name.text!r} before ::= in line {name.line}")
        rules.setdefault(name.text, []).extend(_alternatives(tokens[start + 1 : after - 1], name))
    return rules


def _alternatives(body: list[_Token], rule: _Token) -> list[list[_Item]]:
    """One rule's alternatives. Groups become lists of lists, on a stack of our own, so depth costs no recursion."""
    stack: list[list[list[_Item]]] = [[[]]]
    for token in body:
        if token.text == "(" and token.kind == "mark":
            stack.append([[]])
            if len(stack) > MOST_DEPTH:
                raise GrammarError(f"rule {rule.text!r} is nested more than {MOST_DEPTH} deep")
        elif token.text == ")" and token.kind == "mark":
            if len(stack) == 1:
                raise GrammarError(f"rule {rule.text!r} has a ')' too many in line {token.line}")
            group = stack.pop()
            stack[-1][-1].append((group, False))
        elif token.kind == "mark":
            stack[-1].append([])
        elif token.kind == "repeat":
            _repeat(stack[-1][-1], token)
        else:
            nothing = token.text == '""'
            stack[-1][-1].append((token.text if token.kind == "name" else None, nothing))
    if len(stack) > 1:
        raise GrammarError(f"rule {rule.text!r} in line {rule.line} has a '(' that is not closed")
    return stack[0]


def _repeat(items: list[_Item], token: _Token) -> None:
    if not items:
        raise GrammarError(f"the grammar repeats nothing with {token.text!r} in line {token.line}")
    what, optional = items[-1]
    items[-1] = (what, optional or token.text in "*?" or token.text.strip("{ ").startswith(("0", ",")))


def _refuse_left_recursion(rules: dict[str, list[list[_Item]]]) -> None:
    nullable: set[str] = set()
    while grown := {name for name in rules if name not in nullable and _is_nullable(rules[name], nullable)}:
        nullable |= grown
    first = {name: set(_first(alternatives, nullable)) for name, alternatives in rules.items()}
    for name, found in first.items():
        unknown = sorted(found - rules.keys())
        if unknown:
            raise GrammarError(f"rule {name!r} uses {unknown[0]!r}, which the grammar does not define")
    try:
        TopologicalSorter(first).prepare()
    except CycleError as error:
        raise GrammarError(f"the grammar is recursive on its left in {error.args[1][0]!r}") from error


def _is_nullable(alternatives: list[list[_Item]], nullable: set[str]) -> bool:
    return any(all(_may_be_empty(item, nullable) for item in items) for items in alternatives)


def _may_be_empty(item: _Item, nullable: set[str]) -> bool:
    what, optional = item
    return optional or (_is_nullable(what, nullable) if isinstance(what, list) else what in nullable)


def _first(alternatives: list[list[_Item]], nullable: set[str]) -> Iterator[str]:
    """The rules that a text of these alternatives may begin with."""
    for items in alternatives:
        for item in items:
            what = item[0]
            if isinstance(what, str):
                yield what
            elif isinstance(what, list):
                yield from _first(what, nullable)
            if not _may_be_empty(item, nullable):
                break
