"""Whether a passage says what a sentence says: compared in code, number by number and word by word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mm_orch.checking import agreement, clauses
from mm_orch.checking.additions import additions
from mm_orch.checking.facts import Claim, read
from mm_orch.language.sentences import sentences
from mm_orch.records.passage import Passage

_TRIED = 3  # places of a passage that are looked at closely
LONGEST_QUOTE = 300  # characters
_EACH_OF_TWO = 3  # words of a sentence that each of two statements must add
_FRAGMENT = 2  # a sentence with fewer words than this means something only as an answer to its question


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a passage: ``text`` as it stands there, ``claim`` what it says."""

    text: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage, read: ``about`` is what its title and headings say."""

    passage: Passage
    statements: tuple[Statement, ...]
    about: Claim
    folded: str

    @classmethod
    def of(cls, passage: Passage) -> Evidence:
        pieces = [piece.strip() for piece in sentences(passage.text)]
        statements = tuple(Statement(piece, read(piece)) for piece in pieces if piece)
        about = read(f"{passage.title}\n{passage.heading}")
        return cls(passage, statements, about, " ".join(statement.claim.folded for statement in statements))


@dataclass(frozen=True, slots=True)
class Finding:
    """What one passage says to a sentence: ``reasons`` are what it lacks, ``quote`` its own words.

    ``unproven``: the two are in different languages, and of their words nothing is known.
    """

    passage_id: int
    reasons: tuple[str, ...]
    quote: str
    unproven: bool = False

    @property
    def holds(self) -> bool:
        return not self.reasons


def check(sentence: str, evidence: Evidence, question: Claim | None = None) -> Finding:
    """How well ``evidence`` holds ``sentence``, at the place that holds it best.

    ``question`` lends its words to a sentence that is only a fragment. Total: no text raises.
    """
    claim = read(sentence)
    if not (claim.words or claim.numbers or claim.dates or claim.codes):
        return Finding(evidence.passage.id, ("it says nothing",), "")
    if not evidence.statements:
        return Finding(evidence.passage.id, ("the passage is empty",), "")
    if _foreign(claim, evidence):
        return _across_languages(claim, evidence)
    copied = next((each for each in evidence.statements if each.claim.folded == claim.folded), None)
    if copied and len(claim.units) >= _FRAGMENT:
        return Finding(evidence.passage.id, (), shortened(copied.text))
    needed = question.units if question and len(claim.units) < _FRAGMENT else frozenset()
    closest: Finding | None = None
    for place in _places(claim, evidence):
        finding = _at(claim, needed, evidence, place)
        if finding.holds:
            return finding
        if closest is None or len(finding.reasons) < len(closest.reasons):
            closest = finding
    return closest or Finding(evidence.passage.id, ("it shares no word with the passage",), "")


def shortened(text: str) -> str:
    """``text`` itself, or its beginning up to the last word within 300 characters."""
    if len(text) <= LONGEST_QUOTE:
        return text
    head = text[:LONGEST_QUOTE]
    cut = head.rfind(" ")
    return head[:cut] if cut > LONGEST_QUOTE // 2 else head


def _places(claim: Claim, evidence: Evidence) -> Iterator[tuple[int, int]]:
    """Where to look closely: statements (first, end) that share most with the claim, alone and by twos.

    Two that follow each other are taken together where each has several of the claim's words to itself.
    """
    said = [each.claim for each in evidence.statements]
    shared = [len(claim.units & each.units) + _same_facts(claim, each) for each in said]
    ranked = [at for at in sorted(range(len(shared)), key=lambda at: -shared[at])[:_TRIED] if shared[at]]
    for at in ranked:
        yield at, at + 1
    for at in sorted({*ranked, *(at - 1 for at in ranked if at)}):
        if at + 1 < len(said) and _complete_each_other(
            claim.units & said[at].units, claim.units & said[at + 1].units
        ):
            yield at, at + 2


def _complete_each_other(first: frozenset[str], second: frozenset[str]) -> bool:
    return min(len(first - second), len(second - first)) >= _EACH_OF_TWO


def _same_facts(claim: Claim, other: Claim) -> int:
    return 2 * sum(agreement.has_number(number, (other,)) for number in claim.numbers) + 2 * sum(
        agreement.has_date(date, (other,)) for date in claim.dates
    )


def _at(claim: Claim, needed: frozenset[str], evidence: Evidence, place: tuple[int, int]) -> Finding:
    first, end = place
    said = tuple(each.claim for each in evidence.statements[first:end])
    context = agreement.Context(evidence.about, _leaned_on(evidence, first))
    reasons = agreement.differences(claim, said, context, evidence.folded)
    reasons += clauses.misplaced(claim, said, tuple(each.claim for each in evidence.statements))
    reasons += additions(claim, said, context.before, context.about)
    if not _names_row(claim, said[0]):
        reasons = (*reasons, "it does not name the row of the table")
    if needed and len(needed & context.units(said)) * 2 < len(needed):
        reasons = (*reasons, "it does not say of what")
    quote = " ".join(each.text for each in evidence.statements[first:end])
    verbatim = quote if quote in evidence.passage.text else evidence.statements[first].text
    return Finding(evidence.passage.id, reasons, shortened(verbatim))


def _leaned_on(evidence: Evidence, at: int) -> Claim | None:
    """The statement that the one at ``at`` leans on: the head of its table, or the one before it."""
    own = evidence.statements[at].claim
    if not clauses.is_row(own):
        return evidence.statements[at - 1].claim if at and agreement.leans(own) else None
    while at and clauses.is_row(evidence.statements[at - 1].claim):
        at -= 1
    return evidence.statements[at].claim


def _names_row(claim: Claim, said: Claim) -> bool:
    """Whether the claim has a word of the row's first cell; true for what is no row."""
    if not clauses.is_row(said):
        return True
    end = said.folded.find("|", 1)
    cell = {unit for unit, at in said.words if at < end}
    return not cell or bool(cell & claim.units)


def _foreign(claim: Claim, evidence: Evidence) -> bool:
    return bool(claim.words) and claim.is_chinese != _is_chinese(evidence)


def _is_chinese(evidence: Evidence) -> bool:
    return sum(len(each.text) if each.claim.is_chinese else -len(each.text) for each in evidence.statements) > 0


def _across_languages(claim: Claim, evidence: Evidence) -> Finding:
    """Numbers, dates, units and Latin names alone are compared; what else is said stays unproven."""
    claim = replace(claim, names=claim.brands)
    found = []
    for first, end in _places(claim, evidence):
        said = tuple(each.claim for each in evidence.statements[first:end])
        reasons = agreement.facts(claim, said, agreement.Context(evidence.about, None))
        text = " ".join(each.text for each in evidence.statements[first:end])
        found.append(Finding(evidence.passage.id, reasons, shortened(text), unproven=True))
    nothing = Finding(
        evidence.passage.id, agreement.facts(claim, (), agreement.Context(evidence.about, None)), "", True
    )
    best = min(found, key=lambda finding: len(finding.reasons), default=nothing)
    return best if best.quote in evidence.passage.text else replace(best, quote="")
