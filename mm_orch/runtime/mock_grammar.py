"""GBNF for the mock: whether a grammar allows a text, by a regular expression, and a constant that it allows."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Mapping

from mm_orch.errors import GrammarError

_TOKEN = re.compile(
    r"""(?P<rule>[A-Za-z][\w-]*)\s*::= | (?P<literal>"(?:\\.|[^"\\])*") | (?P<set>\[(?:\\.|[^\]\\])*\])
      | (?P<repeat>[*+?]|\{\d+(?:,\d*)?\}) | (?P<name>[A-Za-z][\w-]*) | (?P<sign>[|().])
      | (?P<space>\s+|\#[^\n]*)""",
    re.VERBOSE,
)
# Inside a set Python wants a mark before a bracket, GBNF does not.
_BRACKET, _MARKED = re.compile(r"(?<!\\)\["), r"\\["
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_Rules = Mapping[str, list[tuple[str, str]]]


def allows(grammar: str, text: str) -> bool:
    """Whether ``text`` is one of ``grammar``. Raises ``GrammarError`` as ``instance`` does."""
    return _pattern(grammar).fullmatch(text) is not None


def instance(grammar: str) -> str:
    """The first text in quotes that the grammar allows alone.

    Raises ``GrammarError`` where there is none, for what is no grammar, and for rules that lead back to themselves.
    """
    literals = (_literal(text) for rule in _read(grammar).values() for kind, text in rule if kind == "literal")
    found = next((text for text in literals if allows(grammar, text)), None)
    if found is None:
        raise GrammarError("the mock writes a choice of constants, and the grammar has none")
    return found


@functools.lru_cache(maxsize=8)
def _pattern(grammar: str) -> re.Pattern[str]:
    try:
        return re.compile(_expression("root", _read(grammar), ()), re.DOTALL)
    except re.error as error:
        raise GrammarError(f"the grammar cannot be read: {error}") from error


def _read(grammar: str) -> _Rules:
    rules: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    position, rule = 0, ""
    while position < len(grammar):
        match = _TOKEN.match(grammar, position)
        kind = match.lastgroup if match else None
        if match is None or kind is None or not (rule or kind in ("rule", "space")):
            raise GrammarError(f"the grammar cannot be read at {grammar[position : position + 20]!r}")
        if kind == "rule":
            rule = match[kind]
        elif kind != "space":
            rules[rule].append((kind, match[kind]))
        position = match.end()
    return rules


def _expression(name: str, rules: _Rules, above: tuple[str, ...]) -> str:
    """The regular expression of a rule, the rules that it names put in."""
    if name in above:
        raise GrammarError(f"rule {name!r} of the grammar leads back to itself, which the mock cannot follow")
    if name not in rules:
        raise GrammarError(f"the grammar has no rule {name!r}", hint="Write root ::= …")
    return f"(?:{''.join(_part(kind, text, rules, (*above, name)) for kind, text in rules[name])})"


def _part(kind: str, text: str, rules: _Rules, above: tuple[str, ...]) -> str:
    match kind:
        case "name":
            return _expression(text, rules, above)
        case "literal":
            return f"(?:{re.escape(_literal(text))})"
        case "set":
            return f"[{_BRACKET.sub(_MARKED, text[1:-1])}]"
    return "(?:" if text == "(" else text


def _literal(quoted: str) -> str:
    """What a text in quotes means."""

    def one(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPES.get(code, code)

    return re.sub(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", one, quoted[1:-1])
