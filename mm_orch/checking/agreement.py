"""What a sentence says and some statements do not: numbers and their neighbours, dates, names, words, denials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mm_orch.checking import clauses, negation, order
from mm_orch.checking.facts import Claim
from mm_orch.language import stems
from mm_orch.language.dates import Date
from mm_orch.language.quantities import Quantity

_SHARE_OF_WORDS = 0.8  # of an English sentence's words must be there
_SHARE_OF_PAIRS = 0.6  # of a Chinese one's pairs of characters
_OWN_SHARE = 0.6  # of them in the statements themselves, not only in headings
_SHARE_OF_NEW_CHARACTERS = 0.1
_LEANING = re.compile(
    r"\b(?:it|its|they|their|them|this|that|these|those|he|his|him|she|her|both|such|there|the)\b"
    r"|它|他|她|其|这|该|此|两者"
)


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


def differences(claim: Claim, said: Sequence[Claim], context: Context, passage: str) -> tuple[str, ...]:
    """What ``claim`` has and ``said`` lacks, in words for a person; empty when it is all there.

    ``passage`` is the folded text in which quotations must stand.
    """
    reasons = list(facts(claim, said, context))
    reasons += [f"{text!r} is quoted and does not stand there" for text in _misquoted(claim, context, passage)]
    reasons += [f"{word!r} is not said there" for word in _undecided(claim, said, context)]
    if _turned(claim, said):
        reasons.append("one denies what the other says")
    if negation.opposed(claim, said):
        reasons.append("it says the opposite")
    if order.swapped(claim, said):
        reasons.append("it has them the other way round")
    if clauses.one_of_several(claim, said):
        reasons.append("there are more of them")
    if clauses.mixed(claim, said):
        reasons.append("it says of one what is said of another")
    return (*reasons, *_uncovered(claim, said, context))


def facts(claim: Claim, said: Sequence[Claim], context: Context) -> tuple[str, ...]:
    """Numbers, dates and Latin names that are not there."""
    around = context.claims(said)
    reasons = [
        f"the number {claim.folded[number.start : number.end].strip()!r} is not there"
        for number in claim.numbers
        if not has_number(number, said) and not (number.is_year and has_number(number, around))
    ]
    reasons += [
        f"the date {claim.folded[date.start : date.end].strip()!r} is not there"
        for date in claim.dates
        if not has_date(date, around)
    ]
    known = frozenset().union(*(each.names | each.codes | each.units for each in around))
    texts = " ".join(each.folded for each in around)
    missing = [name for name in claim.names if name not in known] + [
        code for code in claim.codes if not re.search(rf"(?<![a-z\d]){re.escape(code)}(?!\d)", texts)
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
    doubly = sum(each.negations for each in said) < claim.negations
    return bool(wrongly_denied or wrongly_affirmed or (claim.denied and not denied) or doubly)


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
