"""GBNF grammars and JSON schemas, checked before anything native sees them: llama.cpp dies of some."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from typing import Any

from mm_orch.errors import GrammarError
from mm_orch.records.generation_config import GenerationConfig

MOST_CHARACTERS, MOST_DEPTH, MOST_RULES = 500_000, 400, 1_000
_TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)|(?P<define>::=)|(?P<name>[A-Za-z0-9_-]+)|(?P<text>"(?:\\.|[^"\\\n])*")"""
    r"""|(?P<chars>\[(?:\\.|[^\]\\\n])*\]|\.|!?<[^>\n]*>)|(?P<repeat>[*+?]|\{[\d\s,]*\})|(?P<mark>[()|])""",
    re.VERBOSE,
)
_HALF = re.compile("[\ud800-\udfff]")
# Repeating more often what may be empty takes llama.cpp time without end.
_MOST_OF_NOTHING = 8
# What it is (a rule's name, the alternatives of a group, None for characters), whether it may be left out, and how
# often it may come where the grammar says so in numbers.
_Item = tuple[Any, bool, int]


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
    from mm_orch.engine.native.library import native_schema_to_grammar

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
    if _HALF.search(text):
        raise GrammarError("the grammar has half a character in it, a lone surrogate")
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
            stack[-1][-1].append((group, False, 1))
        elif token.kind == "mark":
            stack[-1].append([])
        elif token.kind == "repeat":
            _repeat(stack[-1][-1], token)
        else:
            nothing = token.text == '""'
            stack[-1][-1].append((token.text if token.kind == "name" else None, nothing, 1))
    if len(stack) > 1:
        raise GrammarError(f"rule {rule.text!r} in line {rule.line} has a '(' that is not closed")
    return stack[0]


def _repeat(items: list[_Item], token: _Token) -> None:
    if not items:
        raise GrammarError(f"the grammar repeats nothing with {token.text!r} in line {token.line}")
    what, optional, _ = items[-1]
    # What has more digits than that llama.cpp refuses itself.
    bounds = [int(number[:9]) for number in re.findall(r"\d+", token.text)]
    if (bounds[1:] and bounds[1] < bounds[0]) or (optional and bounds[-1:] > [_MOST_OF_NOTHING]):
        raise GrammarError(f"the grammar cannot repeat {token.text} times what it does in line {token.line}")
    from_none = token.text in "*?" or token.text.strip("{ ").startswith(("0", ","))
    items[-1] = (what, optional or from_none, bounds[-1] if bounds else 1)


def _refuse_repeated_nothing(rules: dict[str, list[list[_Item]]], nullable: set[str]) -> None:
    for name, alternatives in rules.items():
        for what, _, count in _items(alternatives):
            if count > _MOST_OF_NOTHING and what is not None and _may_be_empty((what, False, 1), nullable):
                raise GrammarError(f"rule {name!r} repeats up to {count} times what may be empty")


def _items(alternatives: list[list[_Item]]) -> Iterator[_Item]:
    for item in chain.from_iterable(alternatives):
        yield item
        if isinstance(item[0], list):
            yield from _items(item[0])


def _refuse_left_recursion(rules: dict[str, list[list[_Item]]]) -> None:
    nullable: set[str] = set()
    while grown := {name for name in rules if name not in nullable and _is_nullable(rules[name], nullable)}:
        nullable |= grown
    _refuse_repeated_nothing(rules, nullable)
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
    what, optional, _ = item
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
