"""What a sentence says and some statements do not: numbers and their neighbours, dates, names, words, denials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from mm_orch.text import stems
from mm_orch.text.claims import Claim
from mm_orch.text.dates import Date
from mm_orch.text.quantities import Quantity

_SHARE_OF_WORDS = 0.8  # of an English sentence's words must be there
_SHARE_OF_PAIRS = 0.6  # of a Chinese one's pairs of characters
_OWN_SHARE = 0.6  # of them in the statements themselves, not only in headings
_SHARE_OF_NEW_CHARACTERS = 0.1
_LEANING = re.compile(
    r"\b(?:it|its|they|their|them|this|that|these|those|he|his|him|she|her|both|such|there|the)\b"
    r"|它|他|她|其|这|该|此|两者"
)
_CLAUSE = re.compile(r"[,;，；。:：、|()（）]|\b(?:and|while|whereas|but)\b|而|但")
_PASSIVE = re.compile(r"\bby\b|被|由|为.{1,12}所")
_THAN = re.compile(r"\bthan\b|比")


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around statements: title and headings, and the statement that they lean on."""

    about: Claim
    before: Claim | None

    def claims(self, said: Sequence[Claim]) -> tuple[Claim, ...]:
        return (*said, self.about, *((self.before,) if self.before else ()))

    def units(self, said: Sequence[Claim]) -> frozenset[str]:
        """The words of statements and of what stands around them."""
        return frozenset().union(*(claim.units for claim in self.claims(said)))


def leans(claim: Claim) -> bool:
    """Whether a statement needs the one before it: it has a pronoun, or is Chinese and needs none."""
    return claim.is_chinese or _LEANING.search(claim.folded) is not None


def is_row(claim: Claim) -> bool:
    """Whether a statement is the row of a table."""
    return claim.folded.startswith("|")


def differences(claim: Claim, said: Sequence[Claim], context: Context, passage: str) -> tuple[str, ...]:
    """What ``claim`` has and ``said`` lacks, in words for a person; empty when it is all there.

    ``passage`` is the folded text in which quotations must stand.
    """
    reasons = list(facts(claim, said, context))
    reasons += [f"{text!r} is quoted and does not stand there" for text in _misquoted(claim, context, passage)]
    reasons += [f"{word!r} is not said there" for word in _undecided(claim, said, context)]
    if _turned(claim, said):
        reasons.append("one denies what the other says")
    if _swapped(claim, said):
        reasons.append("it has them the other way round")
    return (*reasons, *_uncovered(claim, said, context))


def facts(claim: Claim, said: Sequence[Claim], context: Context) -> tuple[str, ...]:
    """Numbers, dates and Latin names that are not there."""
    around = context.claims(said)
    reasons = [
        f"the number {claim.folded[number.start : number.end].strip()!r} is not there"
        for number in claim.numbers
        if not has_number(number, said) and not (_is_year(number) and has_number(number, around))
    ]
    reasons += [
        f"the date {claim.folded[date.start : date.end].strip()!r} is not there"
        for date in claim.dates
        if not has_date(date, around)
    ]
    known = frozenset().union(*(each.names | each.codes | each.units for each in around))
    texts = " ".join(each.folded for each in around)
    missing = [name for name in claim.names if name not in known] + [
        code for code in claim.codes if code not in texts
    ]
    return (*reasons, *(f"the name {name!r} is not there" for name in sorted(missing)))


def has_number(number: Quantity, said: Sequence[Claim]) -> bool:
    """Whether one of ``said`` has that number, in any unit of the same kind; a bare year may be part of a date."""
    for claim in said:
        if any(number.same(other) for other in claim.numbers):
            return True
        if not number.dimension and any(date.year == number.value for date in claim.dates):
            return True
    return False


def has_date(date: Date, said: Sequence[Claim]) -> bool:
    """Whether one of ``said`` has that date at least as exactly; a year alone may stand as a number."""
    only_year = date.year is not None and date.month is None and date.day is None
    for claim in said:
        if any(other.holds(date) for other in claim.dates):
            return True
        if only_year and any(not other.dimension and other.value == date.year for other in claim.numbers):
            return True
    return False


def _is_year(number: Quantity) -> bool:
    return not number.dimension and 1000 <= number.value <= 2100 and number.value == int(number.value)


def misplaced(claim: Claim, said: Sequence[Claim], passage: Sequence[Claim]) -> tuple[str, ...]:
    """The numbers of ``claim`` that ``said`` has for something else.

    That is so where a clause with another number of the same kind, anywhere in ``passage``, shares more words with
    the claim than every clause that has the claim's own number.
    """
    return tuple(
        f"the number {claim.folded[number.start : number.end].strip()!r} stands with something else there"
        for number in claim.numbers
        if _belongs_elsewhere(number, claim, said, passage)
    )


def _belongs_elsewhere(number: Quantity, claim: Claim, said: Sequence[Claim], passage: Sequence[Claim]) -> bool:
    own = [clause for each in said for clause in clauses(each) if _has(clause, number)]
    if not own:
        return False
    words = claim.units - frozenset().union(*(clause.units for clause in own))
    shared = max(len(claim.units & clause.units) for clause in own)
    rivals = (
        clause
        for each in passage
        if claim.units & each.units
        for clause in clauses(each)
        if any(_rivals(number, other, claim) for other in clause.numbers)
    )
    return any(len(claim.units & clause.units) > shared and words & clause.units for clause in rivals)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a statement between its commas."""

    units: frozenset[str]
    numbers: tuple[Quantity, ...]
    years: frozenset[int]


@lru_cache(maxsize=4096)
def clauses(said: Claim) -> tuple[Clause, ...]:
    """The clauses of a statement; a comma inside a number divides nothing, and the row of a table is one."""
    cuts = [] if is_row(said) else [match.start() for match in _CLAUSE.finditer(said.folded)]
    inside = [(number.start, number.end) for number in said.numbers]
    inside += [(date.start, date.end) for date in said.dates]
    cuts = [cut for cut in cuts if not any(start <= cut < end for start, end in inside)]
    return tuple(_clause(said, start, end) for start, end in pairwise([0, *cuts, len(said.folded)]))


def _clause(said: Claim, start: int, end: int) -> Clause:
    return Clause(
        frozenset(unit for unit, at in said.words if start <= at < end),
        tuple(number for number in said.numbers if start <= number.start < end),
        frozenset(date.year for date in said.dates if date.year and start <= date.start < end),
    )


def _has(clause: Clause, number: Quantity) -> bool:
    if any(number.same(other) for other in clause.numbers):
        return True
    return not number.dimension and number.value in clause.years


def _rivals(number: Quantity, other: Quantity, claim: Claim) -> bool:
    """Whether ``other`` is a number of the same kind that the claim does not name."""
    alike = number.dimension == other.dimension and not number.same(other)
    return alike and not any(other.same(named) for named in claim.numbers)


def _misquoted(claim: Claim, context: Context, passage: str) -> list[str]:
    return [text for text in claim.quotations if text not in passage and text not in context.about.folded]


def _undecided(claim: Claim, said: Sequence[Claim], context: Context) -> list[str]:
    known = frozenset().union(*(each.decisive for each in context.claims(said)))
    return sorted(claim.decisive - known)


def _turned(claim: Claim, said: Sequence[Claim]) -> bool:
    units = frozenset().union(*(each.units for each in said))
    denied = frozenset().union(*(each.denied for each in said))
    affirmed = frozenset().union(*(each.units - each.denied for each in said))
    wrongly_denied = {word for word in claim.denied & units if word not in denied}
    wrongly_affirmed = {word for word in (claim.units - claim.denied) & denied if word not in affirmed}
    return bool(wrongly_denied or wrongly_affirmed or (claim.denied and not denied))


def _swapped(claim: Claim, said: Sequence[Claim]) -> bool:
    """Whether two stand the other way round the same word: A bought B, B bought A; A is more than B, B than A."""
    if any(_compared_otherwise(claim, each) for each in said):
        return True
    for each in said if len(claim.names) > 1 else ():
        shared = [unit for unit, _ in claim.words if unit in each.units]
        places = dict(reversed(each.words))
        if _is_passive(claim) != _is_passive(each):
            continue
        for left, middle, right in _triples(shared, claim.names & each.units):
            if places[right] < places[middle] < places[left]:
                return True
    return False


def _compared_otherwise(claim: Claim, said: Claim) -> bool:
    ours, theirs = _THAN.search(claim.folded), _THAN.search(said.folded)
    if ours is None or theirs is None:
        return False
    left, right = _sides(claim, ours.start())
    other_left, other_right = _sides(said, theirs.start())
    return bool(left & other_right - other_left and right & other_left - other_right)


def _sides(claim: Claim, at: int) -> tuple[frozenset[str], frozenset[str]]:
    left = frozenset(unit for unit, place in claim.words if place < at)
    return left, frozenset(unit for unit, place in claim.words if place >= at)


def _triples(words: Sequence[str], names: frozenset[str]) -> list[tuple[str, str, str]]:
    """A name, a word that is none, and a name, in this order and with nothing but words between."""
    at = [place for place, word in enumerate(words) if word in names]
    pairs = [(left, right) for left, right in pairwise(at) if right - left > 1]
    return [(words[left], words[left + 1], words[right]) for left, right in pairs if words[left] != words[right]]


def _is_passive(claim: Claim) -> bool:
    return _PASSIVE.search(claim.folded) is not None


def _uncovered(claim: Claim, said: Sequence[Claim], context: Context) -> tuple[str, ...]:
    units, own = claim.units, frozenset().union(*(each.units for each in said))
    if not units:
        return ()
    known = context.units(said)
    missing = units - known
    least = _SHARE_OF_PAIRS if claim.is_chinese else _SHARE_OF_WORDS
    reasons = []
    if len(missing) > (1 - least) * len(units):
        reasons.append(f"not said there: {', '.join(sorted(missing)[:5])}")
    rest = units - context.about.units
    if len(rest & own) < _OWN_SHARE * len(rest) and not reasons:
        reasons.append("no one place says all of it")
    if not claim.is_chinese and claim.words and claim.words[0][0] in missing:
        reasons.append(f"it is not about {claim.words[0][0]!r}")
    if claim.is_chinese:
        reasons += _new_characters(claim, context.claims(said))
    return tuple(reasons)


def _new_characters(claim: Claim, around: Sequence[Claim]) -> list[str]:
    """Chinese names cannot be told from words: two characters side by side that are nowhere there may be one."""
    known = frozenset().union(*(stems.characters(each.folded) for each in around))
    own = stems.characters("".join(claim.units))
    new = own - known
    pairs = sorted(unit for unit in claim.units if len(unit) > 1 and set(unit) <= new)
    if pairs or len(new) > max(1, _SHARE_OF_NEW_CHARACTERS * len(own)):
        return [f"not said there: {'、'.join(pairs or sorted(new))}"]
    return []
