"""Whether a sentence has the same things as another one, but the other way round."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from mm_orch.checking.facts import Claim
from mm_orch.language.dates import Date
from mm_orch.language.quantities import Quantity

_PASSIVE = re.compile(r"\bby\b|被|由|为.{1,12}所")
_BY = re.compile(r"\bby\b")
_THAN = re.compile(r"\bthan\b|比")
_DIVIDES = re.compile(r"[,;:()，；：（）]")
_TO = re.compile(r"\s*(?:(?:and|to|until|till|through|[-–—~])|月?[^，,；;。]{0,4}[至到为](?:次年|第二年|了)?)\s*")


def swapped(claim: Claim, said: Sequence[Claim]) -> bool:
    """Whether two stand the other way round: A bought B, B bought A; A is more than B; from 2 to 3, from 3 to 2."""
    return any(_compared_otherwise(claim, each) or _reversed(claim, each) for each in said) or any(
        _acts_on_other(claim, each) or _by_another(claim, each) for each in said
    )


def _acts_on_other(claim: Claim, said: Claim) -> bool:
    """Whether the names beside a word have changed places; what one does is done by it where there is a "by"."""
    first = frozenset(unit for each in (claim, said) for unit, _ in each.words[:1])
    names = (claim.names | said.names | first) & claim.units & said.units
    shared = [(unit, at) for unit, at in claim.words if unit in said.units] if len(names) > 1 else []
    places = dict(reversed(said.words))
    for (left, start), (middle, at), (right, end) in _triples(shared, names):
        if _DIVIDES.search(claim.folded, start, end):
            continue
        there = places[left], places[middle], places[right]
        turned = _is_passive(claim, at, end) != _is_passive(said, there[1], max(there))
        if there == tuple(sorted(there, reverse=not turned)):
            return True
    return False


def _by_another(claim: Claim, said: Claim) -> bool:
    """Whether a thing is done by one who does another thing there: designed by A, built by B."""
    theirs = _agents(said)
    done, doers = {deed for deed, _ in theirs}, {doer for _, doer in theirs}
    return any(deed in done and doer in doers for deed, doer in _agents(claim) - theirs)


def _agents(claim: Claim) -> frozenset[tuple[str, str]]:
    """The words before and behind each "by"."""
    found = []
    for match in _BY.finditer(claim.folded):
        before = [unit for unit, at in claim.words if at < match.start()]
        behind = [unit for unit, at in claim.words if at >= match.end()]
        found += [(before[-1], behind[0])] if before and behind else []
    return frozenset(found)


def _is_passive(claim: Claim, start: int, end: int) -> bool:
    return _PASSIVE.search(claim.folded, start, end) is not None


def _triples(words: Sequence[tuple[str, int]], names: frozenset[str]) -> list[tuple[tuple[str, int], ...]]:
    """A name, a word that is none, and a name, in this order and with nothing but words between."""
    at = [place for place, (word, _) in enumerate(words) if word in names]
    pairs = [(left, right) for left, right in pairwise(at) if right - left > 1]
    return [
        (words[left], words[left + 1], words[right]) for left, right in pairs if words[left][0] != words[right][0]
    ]


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


def _reversed(claim: Claim, said: Claim) -> bool:
    """Whether one goes from A to B and the other from B to A."""
    theirs = _spans(said)
    return any(
        _in(start, end, theirs, turned=True) and not _in(start, end, theirs, turned=False)
        for start, end in _spans(claim)
        if not _same(start, end)
    )


def _in(
    start: Quantity | Date,
    end: Quantity | Date,
    spans: Sequence[tuple[Quantity | Date, Quantity | Date]],
    *,
    turned: bool,
) -> bool:
    return any(
        _same(start, last if turned else first) and _same(end, first if turned else last) for first, last in spans
    )


def _spans(claim: Claim) -> list[tuple[Quantity | Date, Quantity | Date]]:
    """Numbers and dates with nothing but a "to" between."""
    placed: list[Quantity | Date] = sorted([*claim.numbers, *claim.dates], key=lambda each: each.start)
    return [
        (left, right)
        for left, right in pairwise(placed)
        if type(left) is type(right) and _TO.fullmatch(claim.folded, left.end, right.start)
    ]


def _same(one: Quantity | Date, other: Quantity | Date) -> bool:
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.same(other)
    if isinstance(one, Date) and isinstance(other, Date):
        return one.holds(other) and other.holds(one)
    return False
