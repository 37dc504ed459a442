"""What a sentence brings along that its statements do not have, though each of its words stands somewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from mm_orch.checking.clauses import clauses, is_row
from mm_orch.checking.facts import Claim
from mm_orch.language.script import HAN
from mm_orch.language.stems import stem

_QUESTION = re.compile(r"[?？][\s\"'”’」』)）]*\Z")
_BEING = re.compile(r"\b(?:is|are|was|were) (?:also )?(?:an? |one of the )([a-z][a-z' -]{0,60})")
_ENDS_NAMING = re.compile(
    r"\b(?:that|which|who|of|in|on|at|for|from|with|by|to|and|or|made|used|called|named|where)\b"
)
_HAN = re.compile(f"[{HAN}]")
_FEW = 2  # words
_GRAFT = 8  # characters in a row that two Chinese sentences must share before what stands in front of them tells
_OWN = 0.4  # of a sentence that hardly says more than the heading, the share that must stand in the text too
_AGAIN = 4  # words in a row that no sentence has twice
_AGAIN_CHINESE = 7  # characters
_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(f"[{HAN}]+")


def additions(claim: Claim, said: Sequence[Claim], before: Claim | None, about: Claim) -> tuple[str, ...]:
    """In words for a person. ``said`` leans on the statement ``before``; ``about`` is of title and headings."""
    near = (*said, *((before,) if before else ()))
    around = frozenset().union(about.units, *(each.units for each in near))
    reasons = [f"nothing there says that it is {noun!r}" for noun in _nouns(claim) if noun not in around]
    if _QUESTION.search(claim.folded):
        reasons.append("it is a question")
    own = frozenset().union(*(each.units for each in said))
    if _repeats(claim.folded):
        reasons.append("it repeats itself")
    if len(claim.units - about.units) < _FEW and len(claim.units & own) < _OWN * len(claim.units):
        reasons.append("it only repeats the heading")
    if not is_row(said[0]) and _crossed(claim, near):
        reasons.append("a number stands with the words of another statement")
    if any(_grafted(claim, each) for each in said):
        reasons.append("it says of one what is said of another")
    return tuple(reasons)


def _repeats(folded: str) -> bool:
    """Whether a few words in a row stand in it twice, as in a text that runs in circles."""
    words = _WORD.findall(_RUN.sub(" ", folded))
    parts = [tuple(words[at : at + _AGAIN]) for at in range(len(words) - _AGAIN + 1)]
    runs = [
        run[at : at + _AGAIN_CHINESE] for run in _RUN.findall(folded) for at in range(len(run) - _AGAIN_CHINESE + 1)
    ]
    return len(set(parts)) < len(parts) or len(set(runs)) < len(runs)


def _nouns(claim: Claim) -> list[str]:
    """The stems of what an English sentence says that something is: "is a small fish that" gives "fish"."""
    found = []
    for match in _BEING.finditer(claim.folded):
        named = _ENDS_NAMING.split(match[1], maxsplit=1)[0].split()
        if named:
            found.append(stem(named[-1].strip("'-")))
    return [noun for noun in found if noun in claim.units]


def _crossed(claim: Claim, said: Sequence[Claim]) -> bool:
    """Whether a clause has its words from one statement and a number or date that only the other has."""
    for clause in clauses(claim) if len(said) > 1 else ():
        shared = [len(clause.units & each.units) for each in said]
        if not clause.numbers or shared.count(max(shared)) > 1:
            continue
        own = [number for part in clauses(said[shared.index(max(shared))]) for number in part.numbers]
        if any(not any(number.same(other) for other in own) for number in clause.numbers):
            return True
    return False


def _grafted(claim: Claim, said: Claim) -> bool:
    """Whether a Chinese word was put where another stands: 白色 for 红色 in front of the same words."""
    if not claim.is_chinese or is_row(said):
        return False
    ours, theirs = claim.folded, said.folded
    for block in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        if block.size < _GRAFT or not block.a or not block.b:
            continue
        mine, other, first = ours[block.a - 1], theirs[block.b - 1], ours[block.a]
        both_han = _HAN.match(mine) and _HAN.match(other) and _HAN.match(first)
        there = ours[block.a - 1 : block.a + _GRAFT] in theirs
        if both_han and not there and mine + first in theirs and other + first not in ours:
            return True
    return False
