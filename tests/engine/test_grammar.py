"""Grammars that llama.cpp would die of are refused before it sees them."""

from __future__ import annotations

import time
from typing import Any

import pytest

from mm_orch.engine import grammar
from mm_orch.errors import GrammarError
from mm_orch.records.generation_config import GenerationConfig

JSON = r"""
root   ::= object
value  ::= object | array | string | number | ("true" | "false" | "null") ws
object ::= "{" ws ( string ":" ws value ("," ws string ":" ws value)* )? "}" ws
array  ::= "[" ws ( value ("," ws value)* )? "]" ws
string ::= "\"" ( [^"\\\x7F\x00-\x1F] | "\\" (["\\bfnrt] | "u" [0-9a-fA-F]{4}) )* "\"" ws
number ::= ("-"? ([0-9] | [1-9] [0-9]{0,15})) ("." [0-9]+)? ws # a comment with ( and "
ws ::= | " " | "\n" [ \t]{0,20}
"""


@pytest.mark.parametrize(
    "text", [JSON, 'root ::= "a"', 'root ::= ("a" | root2)+\nroot2 ::= "b" root', "root ::= .{3}"]
)
def test_a_good_grammar_passes(text: str) -> None:
    grammar.check(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "start"),
        ('word ::= "a"', "root"),
        ('root ::= root "a"', "left"),
        ('root ::= a\na ::= "x"? b\nb ::= [c]* a', "left"),
        ('root ::= ("" root) "a"', "left"),
        ("root ::= missing", "missing"),
        ('root ::= "a', "line 1"),
        ("root ::= [a-", "line 1"),
        ('root ::= ("a"', "closed"),
        ('root ::= "a")', "too many"),
        ("root ::= *", "repeats nothing"),
        ('root ::= "a"\n::= "b"', "::="),
        ("root ::= " + "(" * 10_000 + '"a"' + ")" * 10_000, "deep"),
        ('root ::= "' + "a" * 600_000 + '"', "characters"),
        ("root ::= r0\n" + "\n".join(f'r{i} ::= "a"' for i in range(1001)), "rules"),
    ],
)
def test_a_bad_grammar_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(GrammarError, match=reason):
        grammar.check(text)


def test_a_long_chain_of_rules_is_checked_quickly() -> None:
    rules = "\n".join(f"r{i} ::= r{i + 1}" for i in range(900))
    started = time.perf_counter()
    grammar.check(f'root ::= r0\n{rules}\nr900 ::= "a"')
    assert time.perf_counter() - started < 2


def test_a_schema_keeps_the_order_of_its_properties() -> None:
    schema = {
        "type": "object",
        "properties": {"z": {"type": "integer"}, "a": {"type": "string"}},
        "required": ["z", "a"],
    }
    root = next(line for line in grammar.from_schema(schema).splitlines() if line.startswith("root"))
    assert root.index("z-kv") < root.index("a-kv")


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/missing"},
        {"$ref": "https://example.org/schema.json"},
        {"type": "nonsense"},
        {"type": "string", "maxLength": 5000},
        {"enum": [object()]},
    ],
)
def test_a_bad_schema_is_a_grammar_error(schema: dict[str, Any]) -> None:
    with pytest.raises(GrammarError):
        grammar.from_schema(schema)


def test_a_deep_schema_is_a_grammar_error() -> None:
    schema: dict[str, Any] = {"type": "integer"}
    for _ in range(3000):
        schema = {"type": "array", "items": schema}
    with pytest.raises(GrammarError):
        grammar.from_schema(schema)


def test_a_config_without_structure_has_no_grammar() -> None:
    assert grammar.of_config(GenerationConfig()) is None
