"""What a person asks for, as tokens: the request at full weight, the material pasted with it at less."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mm_orch.language.folding import fold
from mm_orch.language.script import HAN, KANA

HEAD, TAIL = 800, 200
"""Characters looked at: a long text says what is wanted at its start, or in its last line."""

QUOTE, NUMBER = "<quote>", "<number>"

_MEASURES = "个道题节堂门课套份篇首句段点条步张章周天年月次"
_QUOTATION = (
    r"\"[^\"]*\"|(?<!\w)'[^']+'(?!\w)|“[^”]*”|「[^」]*」|『[^』]*』|《[^》]*》|```.*?(?:```|\Z)|https?://\S+"
)
_TOKEN = re.compile(
    rf"(?P<counted>[零一二两三四五六七八九十百]+)(?=[{_MEASURES}])|[{HAN}{KANA}]|(?P<quote>{_QUOTATION})"
    rf"|(?P<number>\d+(?:[.,]\d+)*)|[^\W\d_{HAN}{KANA}]+(?:'[^\W\d_{HAN}{KANA}]+)*(?:\+\+|\#)?|\?",
    re.S,
)
_PASTED = re.compile(r"[:：]\s*(?=\S)|\n")
_PASTED_WEIGHT = 0.25  # dev half: 0 to 1 changes one answer; pasted material alone should not decide


@dataclass(frozen=True, slots=True)
class Part:
    """Some tokens of a query and how much they say about what is wanted, in 0..1."""

    tokens: tuple[str, ...]
    weight: float


def tokens(folded: str) -> tuple[str, ...]:
    """Words and single Chinese characters of a folded text; each quotation and each number is one mark."""
    return tuple(_MARKS.get(match.lastgroup) or match.group() for match in _TOKEN.finditer(folded))


def parts(text: str) -> tuple[Part, ...]:
    """The request, what follows it after a colon or on further lines, and the last line of a long text."""
    text = text.strip()
    head, tail = text[:HEAD], text[HEAD:][-TAIL:]
    last = tail.rpartition("\n")[2] if "\n" in tail else ""
    cut = _PASTED.search(head)
    asked, pasted = (head[: cut.start()], head[cut.end() :]) if cut else (head, "")
    # A first line that never ends is no request if a last line follows it.
    weighed = ((asked, 1.0 if cut or not last else _PASTED_WEIGHT), (pasted, _PASTED_WEIGHT), (last, 1.0))
    found = (Part(tokens(fold(piece)), weight) for piece, weight in weighed if piece)
    return tuple(part for part in found if part.tokens)


_MARKS = {"quote": QUOTE, "number": NUMBER, "counted": NUMBER, None: ""}
