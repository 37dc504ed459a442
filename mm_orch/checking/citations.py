"""Numbers in brackets that name passages: a draft taken apart at them, and other text that must not have any."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from mm_orch.language.sentences import sentences

_INSIDE = r"\d{1,4}(?:\s*[,，、]\s*\d{1,4})*"
_NUMBERS = re.compile(rf"[\[【［]\s*({_INSIDE})\s*[\]】］]")
_CITED = re.compile(rf"(?:[ \t]*{_NUMBERS.pattern})+(?:\s*(?:[。！？]|[.!?](?=\s|\Z)))?")
_NUMBER = re.compile(r"\d+")
_SAYS_SOMETHING = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """One sentence of a draft without its brackets; ``ids`` are the numbers of passages that it cites."""

    text: str
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """``sentences`` in order; ``unknown`` are numbers that name no passage, ``rest`` what came behind the last."""

    sentences: tuple[CitedSentence, ...]
    unknown: tuple[int, ...]
    rest: str


def taken_apart(draft: str, known: Collection[int]) -> Draft:
    """The sentences of ``draft``; those that stand before one citation share it. Total: no text raises."""
    found: list[CitedSentence] = []
    unknown: list[int] = []
    start = 0
    for match in _CITED.finditer(draft):
        numbers = [int(number) for number in _NUMBER.findall(match.group())]
        unknown += [number for number in numbers if number not in known]
        ids = tuple(dict.fromkeys(number for number in numbers if number in known))
        text = draft[start : match.start()] + match.group()[-1:].strip("]】］ ")
        found += (CitedSentence(piece.strip(), ids) for piece in sentences(text) if _SAYS_SOMETHING.search(piece))
        start = match.end()
    return Draft(tuple(found), tuple(dict.fromkeys(unknown)), draft[start:].strip())


def in_parentheses(text: str) -> str:
    """``text`` with ``(1)`` where it has ``[1]``, so that nothing in it passes for a citation."""
    return _NUMBERS.sub(r"(\1)", text)
