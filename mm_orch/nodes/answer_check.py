"""The sentences of a draft with their verdicts: cited anew, replaced by a quotation, or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from mm_orch.checking.citations import CitedSentence
from mm_orch.checking.facts import Facts, read
from mm_orch.checking.quotes import LONGEST_QUOTE, shortened
from mm_orch.checking.verdicts import Evidence, Finding, judge
from mm_orch.nodes.closest import Place, places
from mm_orch.records.answer_support import SentenceCheck, Verdict
from mm_orch.records.passage import Passage

_WORTH = 0.35
"""Of the best statement's score that another must have to be worth showing behind it.

Set by hand: on the development half of the question sets only 3 of 56 questions come so far.
"""
_ENOUGH = 0.9
"""Of the question, weighed by rarity, must stand in one place for a small model's answer to rest on it.

From there on no question of the development half without an answer got one.
"""
_BESIDE = "it does not answer the question"


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence and what came of it: ``findings`` are the passages that it rests on, with their words."""

    text: str
    cited: tuple[int, ...]
    verdict: Verdict
    findings: tuple[Finding, ...]
    reasons: tuple[str, ...] = ()
    repaired: bool = False
    shown: bool = True

    def left_out(self, reason: str) -> Checked:
        """The same sentence, not shown for one more ``reason``."""
        return replace(self, findings=(), reasons=(*self.reasons, reason), shown=False)

    def record(self, numbers: Mapping[int, int]) -> SentenceCheck:
        """As it enters the result; ``numbers`` are the answer's by passage id."""
        ids = [finding.passage_id for finding in self.findings]
        sources = tuple(dict.fromkeys(numbers[each] for each in ids if each in numbers))
        shown = sources if self.shown else ()
        return SentenceCheck(self.text, shown, self.verdict, self.reasons, self.repaired, self.shown)


class AnswerCheck:
    """Knows the passages by id, read once, and the question."""

    def __init__(self, passages: Sequence[Passage], question: str) -> None:
        self._by_id = {passage.id: Evidence.of(passage) for passage in passages}
        self._question: Facts = read(question)

    def sentence(self, sentence: CitedSentence) -> Checked:
        """With the verdict of what it cites; a passage that holds it word for word is cited in place of others.

        One that cites no passage is held against all of them.
        """
        cited = [self._by_id[number] for number in sentence.ids] or list(self._by_id.values())
        found, repaired = judge(sentence.text, cited), not sentence.ids
        if found.verdict != "supported":
            whole = judge(sentence.text, list(self._by_id.values()))
            found, repaired = (whole, True) if whole.verdict == "supported" else (found, False)
        findings = found.findings[:1] if repaired else found.findings if sentence.ids else ()
        shown = found.verdict != "contradicted"
        return Checked(sentence.text, sentence.ids, found.verdict, findings, found.reasons, repaired, shown)

    def quoted(self, failed: Checked, seen: set[str]) -> Checked:
        """In place of a sentence that is not shown, the closest statement of a passage, word for word."""
        facts = read(failed.text)
        order = [*failed.cited, *(number for number in self._by_id if number not in failed.cited)]
        for number in order:
            statement = self._closest(facts, self._by_id[number])
            if statement and statement not in seen:
                instead = self._quotation(Finding(number, statement))
                return replace(instead, cited=failed.cited, reasons=failed.reasons)
        return failed

    def to_the_point(self, checked: Sequence[Checked]) -> list[Checked]:
        """For a model that cannot tell what answers a question: what is beside the point is left out.

        The statement that answers best is among what is shown, first where no sentence quotes it; where even that
        holds too little of the question, nothing is taken for an answer.
        """
        if not self._is_answered():
            return [each.left_out("it is not sure to answer the question") for each in checked]
        best = self._places[0]
        kept = [
            each if not each.shown or self._worth(each) >= _WORTH * best.score else each.left_out(_BESIDE)
            for each in checked
        ]
        if any(self._finding(best) in each.findings for each in kept):
            return kept
        return [self._quotation(self._finding(best)), *kept]

    def closest(self, most: int) -> list[Finding]:
        """The passages that come closest to answering the question, each with its statement that does so best."""
        best: dict[int, Place] = {}
        for place in self._places:
            best.setdefault(place.passage_id, place)
        return [self._finding(place) for place in list(best.values())[:most]]

    def passage(self, number: int) -> Passage:
        """The one with that id."""
        return self._by_id[number].passage

    @cached_property
    def _places(self) -> list[Place]:
        return places(self._question, list(self._by_id.values()))

    def _worth(self, checked: Checked) -> float:
        """The score of the best statement that a sentence rests on."""
        found = (place.score for place in self._places if self._finding(place) in checked.findings)
        return max(found, default=0.0)

    def _finding(self, place: Place) -> Finding:
        return Finding(place.passage_id, shortened(self._by_id[place.passage_id].statements[place.at].text))

    def _quotation(self, finding: Finding) -> Checked:
        return Checked(finding.quote, (finding.passage_id,), "supported", (finding,), repaired=True)

    def _is_answered(self) -> bool:
        best = self._places[0] if self._places else None
        return best is not None and best.suits and best.share >= _ENOUGH

    def _closest(self, facts: Facts, evidence: Evidence) -> str:
        """The statement that has half of the sentence's words and a word of the question; empty for none.

        A heading and what only repeats the question say nothing; of several the one that answers best is taken.
        """
        wanted = facts.terms | self._question.terms
        telling = (place.at for place in self._places if place.passage_id == evidence.passage.id)
        statements = [evidence.statements[at] for at in telling]
        best = max(statements, key=lambda each: len(wanted & each.facts.terms), default=None)
        if best is None or len(best.text) > LONGEST_QUOTE:
            return ""
        near = 2 * len(facts.terms & best.facts.terms) >= len(facts.terms) and facts.terms
        return best.text if near and self._question.terms & best.facts.terms else ""
