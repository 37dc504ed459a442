"""Checks the sentences of a draft against passages: cited anew, replaced by a quotation, or dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from mm_orch.checking.citations import CitedSentence
from mm_orch.checking.facts import Claim, read
from mm_orch.checking.verdicts import LONGEST_QUOTE, Evidence, Finding, check, shortened
from mm_orch.nodes.answering import Place, places
from mm_orch.records.answer_support import SentenceCheck, Verdict
from mm_orch.records.passage import Passage

# Of the best statement's score: what another must have to be worth showing, or to do in its place.
_WORTH, _AS_GOOD = 0.35, 0.75
_ENOUGH = 0.9  # of the question, weighed by rarity, must stand where an answer is quoted for a small model


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence and what came of it: ``findings`` are the passages that hold it, with their words."""

    text: str
    cited: tuple[int, ...]
    verdict: Verdict
    findings: tuple[Finding, ...]
    reasons: tuple[str, ...] = ()
    repaired: bool = False

    @property
    def shown(self) -> bool:
        return self.verdict != "dropped"

    def record(self, numbers: Mapping[int, int]) -> SentenceCheck:
        """As it enters the result; ``numbers`` are the answer's by passage id."""
        ids = [finding.passage_id for finding in self.findings]
        sources = tuple(dict.fromkeys(numbers[each] for each in ids if each in numbers))
        return SentenceCheck(self.text, sources if self.shown else (), self.verdict, self.reasons, self.repaired)


class AnswerCheck:
    """Knows the passages by id, read once, and the question."""

    def __init__(self, passages: Sequence[Passage], question: str) -> None:
        self._by_id = {passage.id: Evidence.of(passage) for passage in passages}
        self._question: Claim = read(question)

    def sentence(self, sentence: CitedSentence) -> Checked:
        """Supported by what it cites, else by another passage that it is then cited from, else dropped.

        Where a passage is in another language and nothing in it speaks against the sentence it is unverified.
        """
        cited = [self._check(sentence.text, number) for number in sentence.ids]
        held = tuple(finding for finding in cited if finding.holds)
        if any(not finding.unproven for finding in held):
            return self._held(sentence, tuple(each for each in held if not each.unproven), repaired=False)
        others = [self._check(sentence.text, number) for number in self._by_id if number not in sentence.ids]
        better = next((each for each in others if each.holds and not each.unproven), None)
        if better is not None:
            return self._held(sentence, (better,), repaired=True)
        if held:
            return Checked(sentence.text, sentence.ids, "unverified", held, ("in another language",))
        closest = min([*cited, *others], key=lambda finding: len(finding.reasons), default=None)
        reasons = (cited[0] if cited else closest).reasons if closest else ("there is no passage",)
        return Checked(sentence.text, sentence.ids, "dropped", (), reasons)

    def quoted(self, failed: Checked, seen: set[str]) -> Checked:
        """In place of a sentence that failed, the statement of a passage that comes closest, word for word."""
        claim = read(failed.text)
        order = [*failed.cited, *(number for number in self._by_id if number not in failed.cited)]
        for number in order:
            statement = self._closest(claim, self._by_id[number])
            if statement and statement not in seen:
                finding = Finding(number, (), statement)
                return replace(failed, text=statement, verdict="supported", findings=(finding,), repaired=True)
        return failed

    def to_the_point(self, checked: Sequence[Checked]) -> list[Checked]:
        """For a model that cannot tell what answers a question: what is beside the point is left out.

        The statement that answers best comes first, unless a sentence rests on it or on one nearly as good; where
        even that holds too little of the question, nothing is taken for an answer.
        """
        if not self._is_answered():
            return [_beside_the_point(each, "it is not sure to answer the question") for each in checked]
        best = self._places[0]
        worth = [each for each in checked if each.shown and self._worth(each) >= _WORTH * best.score]
        others = [
            each if each in worth or not each.shown else _beside_the_point(each, "it does not answer the question")
            for each in checked
        ]
        if any(self._worth(each) >= _AS_GOOD * best.score for each in worth):
            return others
        first = self._finding(best)
        return [Checked(first.quote, (first.passage_id,), "supported", (first,), repaired=True), *others]

    def _worth(self, checked: Checked) -> float:
        """The score of the best statement that a sentence rests on."""
        found = (
            place.score
            for place in self._places
            for finding in checked.findings
            if finding.passage_id == place.passage_id and self._quote(place) in finding.quote
        )
        return max(found, default=0.0)

    def closest(self, most: int) -> list[Finding]:
        """The passages that come closest to answering the question, each with its statement that does so best."""
        best: dict[int, Place] = {}
        for place in self._places:
            best.setdefault(place.passage_id, place)
        return [self._finding(place) for place in list(best.values())[:most]]

    def _finding(self, place: Place) -> Finding:
        return Finding(place.passage_id, (), self._quote(place))

    def _quote(self, place: Place) -> str:
        return shortened(self._by_id[place.passage_id].statements[place.at].text)

    def _is_answered(self) -> bool:
        best = self._places[0] if self._places else None
        return best is not None and best.suits and best.share >= _ENOUGH

    @cached_property
    def _places(self) -> list[Place]:
        return places(self._question, list(self._by_id.values()))

    def evidence(self, number: int) -> Evidence:
        return self._by_id[number]

    def _check(self, text: str, number: int) -> Finding:
        return check(text, self._by_id[number], self._question)

    def _held(self, sentence: CitedSentence, findings: tuple[Finding, ...], *, repaired: bool) -> Checked:
        return Checked(sentence.text, sentence.ids, "supported", findings, repaired=repaired)

    def _closest(self, claim: Claim, evidence: Evidence) -> str:
        """The statement that has half of the sentence's words and a word of the question; empty for none.

        A heading and what only repeats the question say nothing; of several the one that answers best is taken.
        """
        wanted = claim.units | self._question.units
        telling = (place.at for place in self._places if place.passage_id == evidence.passage.id)
        statements = [evidence.statements[at] for at in telling]
        best = max(statements, key=lambda each: len(wanted & each.claim.units), default=None)
        if best is None or len(best.text) > LONGEST_QUOTE:
            return ""
        near = 2 * len(claim.units & best.claim.units) >= len(claim.units) and claim.units
        return best.text if near and self._question.units & best.claim.units else ""


def _beside_the_point(checked: Checked, reason: str) -> Checked:
    return replace(checked, verdict="dropped", findings=(), reasons=(*checked.reasons, reason))
