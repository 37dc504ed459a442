"""The clauses of statements: whether a sentence takes numbers, and who did what, from different ones."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, pairwise, zip_longest

from mm_orch.checking.facts import Claim
from mm_orch.language.quantities import Quantity

_CLAUSE = re.compile(r"[,;，；。:：、|()（）]|\b(?:and|while|whereas|but)\b|而|但")
_BETWEEN = re.compile(r"\b(?:between|both) [^,;]{1,30}\Z")  # the "and" behind these divides nothing
_SINGLE = re.compile(r"\b(?:one|a single) |一")
_AT_A_TIME = re.compile(r"(?:\b(?:in|since|until|till|by|from|to|during|after|before|of|and|year)|年|-) ?\Z")
_LIKE = 6  # pairs of characters that one of two Chinese clauses may have to itself and be built like the other
_YEAR = "date"  # the dimension of a year in a date
_MOST = 20  # clauses of a statement, or numbers of a sentence, that are looked at
_NEAR = 3  # words behind a number among which is what it counts


def is_row(claim: Claim) -> bool:
    """Whether a statement is the row of a table."""
    return claim.folded.startswith("|")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a statement between its commas: ``units`` are its words, codes and places in a row (``3th``)."""

    units: frozenset[str]
    numbers: tuple[Quantity, ...]


@lru_cache(maxsize=4096)
def clauses(said: Claim) -> tuple[Clause, ...]:
    """The clauses of a statement; a comma inside a number divides nothing, and the row of a table is one."""
    cuts = [] if is_row(said) else [match.start() for match in _CLAUSE.finditer(said.folded)]
    inside = [(number.start, number.end) for number in said.numbers]
    inside += [(date.start, date.end) for date in said.dates]
    cuts = [cut for cut in cuts if not any(start <= cut < end for start, end in inside)]
    cuts = [cut for cut in cuts if not _BETWEEN.search(said.folded, max(0, cut - 40), cut)]
    return tuple(_clause(said, start, end) for start, end in pairwise([0, *cuts, len(said.folded)]))


def misplaced(claim: Claim, said: Sequence[Claim], passage: Sequence[Claim]) -> tuple[str, ...]:
    """The numbers of ``claim`` that ``said`` has for something else.

    That is so where a clause with another number of the same kind, anywhere in ``passage``, shares more words with
    the claim, or with its clause, than every clause that has the claim's own number; or where other numbers than
    this one count the same thing there.
    """
    parts = clauses(claim)
    return tuple(
        f"the number {claim.folded[number.start : number.end].strip()!r} stands with something else there"
        for number in _counted(claim)[:_MOST]
        if _belongs_elsewhere(number, _clause(claim, 0, len(claim.folded)), said, passage)
        or any(_belongs_elsewhere(number, part, said, passage) for part in parts if number in part.numbers)
        or _counts_something_else(number, claim, said)
    )


def one_of_several(claim: Claim, said: Sequence[Claim]) -> bool:
    """Whether the claim has one of what ``said`` counts otherwise."""
    counted = frozenset().union(*(right for each in said for _, right, _ in _things(each)))
    alone = frozenset().union(*(_single(each) for each in said))
    return bool(_single(claim) & (counted - alone))


def mixed(claim: Claim, said: Sequence[Claim]) -> bool:
    """Whether a clause says of one what ``said`` says of another, in two clauses that are built alike."""
    return any(_mixed(part, each) for part in clauses(claim) for each in said)


def _belongs_elsewhere(number: Quantity, claim: Clause, said: Sequence[Claim], passage: Sequence[Claim]) -> bool:
    own = [clause for each in said for clause in clauses(each) if _has(clause, number)]
    if not own:
        return False
    words = claim.units - frozenset().union(*(clause.units for clause in own))
    beside = [each for one in said for each in clauses(one) if any(_rivals(number, n, claim) for n in each.numbers)]
    wholly = max(_wholly_said(clause, claim) for clause in own)
    rivalling = max((_wholly_said(clause, claim) for clause in beside), default=0)
    if wholly > rivalling:  # what it leaves out stands in the other: 12 tours a day in summer, four in winter
        return False
    if any(_wholly_said(clause, claim) > wholly and words & clause.units for clause in beside):
        return True
    shared = max(_shared(claim, clause, number) for clause in own)
    rivals = (
        clause
        for each in passage
        if claim.units & each.units
        for clause in clauses(each)
        if any(_rivals(number, other, claim) for other in clause.numbers)
    )
    others = [other for other in claim.numbers if not any(_has(clause, other) for clause in own)]
    return any(
        _shared(claim, clause, number) > shared
        and (words & clause.units or any(_has(clause, other) for other in others))
        for clause in rivals
    )


def _wholly_said(clause: Clause, claim: Clause) -> int:
    """How many words a clause has if the claim has them all, else 0; of Chinese the characters count."""
    words = _pieces(clause.units)
    return len(words) if words <= _pieces(claim.units) else 0


def _pieces(units: frozenset[str]) -> frozenset[str]:
    return frozenset(piece for unit in units for piece in ([unit] if unit.isascii() else unit))


def _shared(claim: Clause, clause: Clause, number: Quantity) -> int:
    """How many words, and numbers beside ``number``, two clauses have in common."""
    others = (other for other in claim.numbers if not other.same(number))
    return len(claim.units & clause.units) + sum(_has(clause, other) for other in others)


def _rivals(number: Quantity, other: Quantity, claim: Clause) -> bool:
    """Whether ``other`` is a number of the same kind that the claim does not name."""
    alike = number.dimension == other.dimension and not number.same(other)
    return alike and not any(other.same(named) for named in claim.numbers)


def _has(clause: Clause, number: Quantity) -> bool:
    return any(number.same(other) for other in clause.numbers)


def _counts_something_else(number: Quantity, claim: Claim, said: Sequence[Claim]) -> bool:
    """Whether what is right behind ``number`` is right behind other numbers in ``said``, and not near this one."""
    if number.is_year and _AT_A_TIME.search(claim.folded, max(0, number.start - 10), number.start):
        return False
    thing = next((right for each, right, _ in _things(claim) if each == number), frozenset())
    there = [each for one in said for each in _things(one)] if thing else []
    alike = any(thing & right and other.dimension == number.dimension for other, right, _ in there)
    return alike and not any(thing & near and number.same(other) for other, _, near in there)


@lru_cache(maxsize=4096)
def _things(claim: Claim) -> tuple[tuple[Quantity, frozenset[str], frozenset[str]], ...]:
    """Each number with the word right behind it and the first words before the next number."""
    found = []
    starts = [at for _, at in claim.words]
    for number, after in zip_longest(claim.numbers, claim.numbers[1:]):
        first = bisect_left(starts, number.end)
        end = bisect_left(starts, after.start) if after else len(starts)
        near = claim.words[first : min(end, first + _NEAR)]
        right = frozenset(unit for unit, at in near[:1] if at <= number.end + 1)
        found.append((number, right, frozenset(unit for unit, _ in near)))
    return tuple(found)


def _single(claim: Claim) -> frozenset[str]:
    ends = {match.end() for match in _SINGLE.finditer(claim.folded)}
    return frozenset(unit for unit, at in claim.words if at in ends)


def _mixed(claim: Clause, said: Claim) -> bool:
    """Whether a clause has who or what of one clause of ``said`` and the rest of another that is built alike."""
    first = frozenset(unit for unit, _ in said.words[:1])
    telling = said.units if said.is_chinese else said.names | first
    near = [clause for clause in clauses(said) if clause.units & claim.units][:_MOST]
    for one, other in combinations(near, 2):
        left, right = one.units - other.units, other.units - one.units
        alike = one.units & other.units & claim.units and claim.units <= one.units | other.units
        if alike and all(side & telling & claim.units and side & telling - claim.units for side in (left, right)):
            return max(len(left), len(right)) <= _LIKE or not said.is_chinese
    return False


def _clause(said: Claim, start: int, end: int) -> Clause:
    text = said.folded[start:end]
    named = {code for code in said.codes if code in text}
    named |= {f"{each.value}th" for each in said.numbers if each.dimension == "th" and start <= each.start < end}
    return Clause(
        frozenset(unit for unit, at in said.words if start <= at < end) | named,
        tuple(number for number in _counted(said) if start <= number.start < end),
    )


def _counted(said: Claim) -> tuple[Quantity, ...]:
    """The numbers of a statement and the years of its dates."""
    years = (
        Quantity(Decimal(date.year), _YEAR, Decimal(1), date.start, date.end) for date in said.dates if date.year
    )
    return (*said.numbers, *years)
