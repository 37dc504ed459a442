"""What a person asks for, as tokens: the request at full weight, the material pasted with it at less."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from mm_orch.text.script import HAN, KANA, simplified

HEAD, TAIL = 800, 200
"""Characters looked at: a long text says what is wanted at its start, or in its last line."""

QUOTE, NUMBER = "<quote>", "<number>"

_TOKEN = re.compile(
    rf"[{HAN}{KANA}]|(?P<quote>\"[^\"]*\"|“[^”]*”|「[^」]*」|『[^』]*』|《[^》]*》|```.*?(?:```|\Z)|https?://\S+)"
    rf"|(?P<number>\d+(?:[.,]\d+)*)|[^\W\d_{HAN}{KANA}]+(?:'[^\W\d_{HAN}{KANA}]+)*(?:\+\+|\#)?|\?",
    re.S,
)
_PASTED = re.compile(r"[:：]\s*(?=\S)|\n")
_PASTED_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Part:
    """Some tokens of a query and how much they say about what is wanted, in 0..1."""

    tokens: tuple[str, ...]
    weight: float


def tokens(text: str) -> tuple[str, ...]:
    """Lower-cased words and simplified single Chinese characters; each quotation and number is one mark."""
    folded = simplified(unicodedata.normalize("NFKC", text)).casefold().replace("’", "'")
    return tuple(_MARKS.get(match.lastgroup) or match.group() for match in _TOKEN.finditer(folded))


def parts(text: str) -> tuple[Part, ...]:
    """The request, what follows it after a colon or on further lines, and the last line of a long text."""
    text = text.strip()
    head, tail = text[:HEAD], text[HEAD:][-TAIL:]
    cut = _PASTED.search(head)
    asked, pasted = (head[: cut.start()], head[cut.end() :]) if cut else (head, "")
    found = [Part(tokens(asked), 1.0)]
    if pasted:
        found.append(Part(tokens(pasted), _PASTED_WEIGHT))
    if tail:
        found.append(Part(tokens(tail.rsplit("\n", 1)[-1]), 1.0))
    return tuple(part for part in found if part.tokens)


_MARKS = {"quote": QUOTE, "number": NUMBER, None: ""}
