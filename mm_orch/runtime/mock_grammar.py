"""A text that a GBNF grammar allows, always the same one: the shallowest, with the fewest repeats."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mm_orch.errors import GrammarError

_DEEPEST = 40
_STEPS = 20_000
_TOKEN = re.compile(
    r"""(?P<rule>[A-Za-z][\w-]*)\s*::= | (?P<literal>"(?:\\.|[^"\\])*") | (?P<set>\[(?:\\.|[^\]\\])*\])
      | (?P<repeat>[*+?]|\{\d+(?:,\d*)?\}) | (?P<name>[A-Za-z][\w-]*) | (?P<sign>[|().])
      | (?P<space>\s+|\#[^\n]*)""",
    re.VERBOSE,
)
# Inside a set Python wants a mark before a bracket, GBNF does not.
_BRACKET, _MARKED = re.compile(r"(?<!\\)\["), r"\\["
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class _Part:
    """One item of a sequence: what it writes, at least ``times`` times; ``pattern`` and ``repeat`` as in ``re``."""

    kind: str
    text: str
    times: int
    inner: tuple[tuple[_Part, ...], ...] = ()
    pattern: str = ""
    repeat: str = ""


def instance(grammar: str) -> str:
    """A text of ``grammar``. Raises ``GrammarError`` for what it cannot read or what never ends."""
    rules = _Reader(grammar).rules()
    if "root" not in rules:
        raise GrammarError("the grammar has no rule 'root'", hint="Write root ::= …")
    for deepest in range(_DEEPEST):
        try:
            return _Writer(rules, deepest).write(rules["root"], 0)
        except _TooDeep:
            continue
    raise GrammarError("the mock found no text that the grammar allows")


def allows(grammar: str, text: str) -> bool:
    """Whether ``text`` is one of ``grammar``; False also for a grammar whose rules lead back to themselves."""
    try:
        return re.fullmatch(_expression("root", _Reader(grammar).rules(), ()), text, re.DOTALL) is not None
    except (re.error, _TooDeep):
        return False


class _TooDeep(Exception):
    pass


_Rules = dict[str, tuple[tuple[_Part, ...], ...]]


def _expression(name: str, rules: _Rules, above: tuple[str, ...]) -> str:
    """The regular expression of a rule, the rules it names put in."""
    if name in above or name not in rules:
        raise _TooDeep
    return _alternative(rules[name], rules, (*above, name))


def _alternative(sequences: tuple[tuple[_Part, ...], ...], rules: _Rules, above: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(''.join(_piece(part, rules, above) for part in sequence) for sequence in sequences)})"


def _piece(part: _Part, rules: _Rules, above: tuple[str, ...]) -> str:
    if part.kind == "group":
        inner = _alternative(part.inner, rules, above)
    elif part.kind == "name":
        inner = _expression(part.text, rules, above)
    else:
        inner = part.pattern
    return f"(?:{inner}){part.repeat}"


class _Writer:
    """Takes the first alternative that ends within ``deepest`` rules inside each other."""

    def __init__(self, rules: _Rules, deepest: int) -> None:
        self._rules, self._deepest = rules, deepest
        self._steps = iter(range(_STEPS))

    def write(self, alternatives: tuple[tuple[_Part, ...], ...], depth: int) -> str:
        if depth > self._deepest or next(self._steps, None) is None:
            raise _TooDeep
        for sequence in alternatives:
            try:
                return "".join(self._part(part, depth) for part in sequence)
            except _TooDeep:
                continue
        raise _TooDeep

    def _part(self, part: _Part, depth: int) -> str:
        if part.times == 0:
            return ""
        if part.kind == "text":
            return part.text * part.times
        if part.kind == "name" and part.text not in self._rules:
            raise GrammarError(f"the grammar has no rule {part.text!r}")
        inner = part.inner if part.kind == "group" else self._rules[part.text]
        return self.write(inner, depth + 1) * part.times


class _Reader:
    """Reads GBNF text into rules."""

    def __init__(self, grammar: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(grammar):
            match = _TOKEN.match(grammar, position)
            if match is None or match.lastgroup is None:
                raise GrammarError(f"the grammar cannot be read at {grammar[position : position + 20]!r}")
            if match.lastgroup != "space":
                self._tokens.append((match.lastgroup, match.group(match.lastgroup)))
            position = match.end()
        self._at = 0

    def rules(self) -> _Rules:
        found: _Rules = {}
        while self._at < len(self._tokens):
            kind, text = self._take()
            if kind != "rule":
                raise GrammarError(f"the grammar has {text!r} outside a rule")
            found[text] = self._alternatives(0)
        return found

    def _take(self) -> tuple[str, str]:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _alternatives(self, depth: int) -> tuple[tuple[_Part, ...], ...]:
        if depth > _DEEPEST:
            raise GrammarError(f"the grammar nests deeper than {_DEEPEST} groups")
        sequences: list[tuple[_Part, ...]] = []
        parts: list[_Part] = []
        while self._peek()[0] not in ("end", "rule") and self._peek()[1] != ")":
            if self._peek() == ("sign", "|"):
                self._take()
                sequences.append(tuple(parts))
                parts = []
            else:
                parts.append(self._part(depth))
        return (*sequences, tuple(parts))

    def _part(self, depth: int) -> _Part:
        kind, text = self._take()
        inner: tuple[tuple[_Part, ...], ...] = ()
        pattern = ""
        if text == "(" and kind == "sign":
            inner = self._alternatives(depth + 1)
            if self._peek() != ("sign", ")"):
                raise GrammarError("the grammar has a group that is not closed")
            self._take()
            kind = "group"
        elif kind in ("literal", "set", "sign"):
            pattern = _pattern(kind, text)
            kind, text = "text", _sample(kind, text)
        elif kind != "name":
            raise GrammarError(f"the grammar has {text!r} where it repeats nothing")
        repeat = self._take()[1] if self._peek()[0] == "repeat" else ""
        return _Part(kind, text, _times(repeat), inner, pattern, repeat)


def _times(repeat: str) -> int:
    if not repeat:
        return 1
    return {"*": 0, "?": 0, "+": 1}[repeat] if repeat in "*?+" else int(re.findall(r"\d+", repeat)[0])


def _pattern(kind: str, text: str) -> str:
    if kind == "sign":
        return "."
    if kind == "literal":
        return re.escape(_unescape(text[1:-1]))
    return f"[{_BRACKET.sub(_MARKED, text[1:-1])}]"


def _sample(kind: str, text: str) -> str:
    """The literal's text, or one character that the set allows."""
    if kind == "sign":
        return "x"
    body = _unescape(text[1:-1])
    if kind == "literal" or not body.startswith("^"):
        return body if kind == "literal" else body[:1]
    return next(sign for sign in "x0 " if not re.match(f"[{re.escape(body[1:])}]", sign))


def _unescape(body: str) -> str:
    def one(match: re.Match[str]) -> str:
        code = match.group(1)
        return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPES.get(code, code)

    return re.sub(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", one, body)
