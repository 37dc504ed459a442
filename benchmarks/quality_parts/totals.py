"""Scores of one language and half added up, as rows of a table and as a document."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.quality_parts.plain import BEST
from benchmarks.quality_parts.scoring import Score
from mm_orch.records.answer_support import Verdict

_VERDICTS: tuple[Verdict, ...] = ("supported", "unverified", "contradicted")


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``."""

    part: int
    whole: int

    def __str__(self) -> str:
        return f"{self.part}/{self.whole} {self.part / self.whole:.0%}" if self.whole else "–"

    @property
    def value(self) -> float | None:
        """0..1; None of nothing."""
        return self.part / self.whole if self.whole else None


class Totals:
    """What the questions of one column came to."""

    def __init__(self, scores: Sequence[Score]) -> None:
        self.scores = scores
        self._there = [each for each in scores if each.question.has_answer]
        self._nothing = [each for each in scores if not each.question.has_answer]
        self.written = any(each.result is not None for each in scores)

    @property
    def plain(self) -> Share:
        return Share(sum(bool(each.plain) for each in self._there), len(self._there))

    @property
    def found(self) -> Share:
        return Share(sum(bool(each.found) for each in self._there), len(self._there))

    @property
    def support(self) -> Share:
        """Sentences whose citation holds, of all that the verifier saw."""
        return Share(self.sentences("supported"), sum(len(each.support.sentences) for each in self.scores))

    @property
    def facts(self) -> Share:
        return Share(sum(each.facts[0] for each in self._there), sum(each.facts[1] for each in self._there))

    @property
    def asserted(self) -> Share:
        """Facts that the answer states itself, and not only a passage that is quoted in its place."""
        return Share(sum(each.facts[0] for each in self._there if not each.refused), self.facts.whole)

    @property
    def refused(self) -> Share:
        return Share(sum(each.refused for each in self._nothing), len(self._nothing))

    @property
    def answered(self) -> Share:
        """Where there is an answer, those that assert something."""
        return Share(sum(not each.refused for each in self._there), len(self._there))

    @property
    def quoted(self) -> Share:
        return Share(sum(each.support.quoted_only for each in self.scores), len(self.scores))

    @property
    def invented(self) -> int:
        return sum(len(each.invented) for each in self.scores)

    def sentences(self, verdict: Verdict) -> int:
        return sum(each.support.count(verdict) for each in self.scores)

    def mean(self, of: Callable[[Score], float]) -> float:
        return statistics.fmean(of(each) for each in self.scores) if self.scores else 0.0

    def as_document(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "questions": len(self.scores),
            "plain_bm25": self.plain.value,
            "right_passage_used": self.found.value,
            "passages_used": self.mean(lambda each: each.passages),
            "seconds": self.mean(lambda each: each.seconds),
        }
        if self.written:
            document |= {
                "facts_found": self.facts.value,
                "facts_asserted": self.asserted.value,
                "support": self.support.value,
                "sentences": {verdict: self.sentences(verdict) for verdict in _VERDICTS},
                "refused_where_nothing_is": self.refused.value,
                "answered_where_something_is": self.answered.value,
                "quoted_only": self.quoted.value,
                "invented": self.invented,
                "tokens_evaluated": self.mean(_evaluated),
                "tokens_written": self.mean(lambda each: each.usage.completion_tokens),
            }
        return document


def table(columns: Mapping[str, Totals]) -> str:
    """All columns beside each other, as Markdown."""
    written = any(totals.written for totals in columns.values())
    rows = [*_RETRIEVAL, *(_ANSWERS if written else ()), *_COST[: None if written else 1]]
    head = ["| | " + " | ".join(columns) + " | goal |", "| --- |" + " ---: |" * (len(columns) + 1)]
    return "\n".join(
        head
        + [
            f"| {name} | {' | '.join(str(of(each)) for each in columns.values())} | {goal} |"
            for name, goal, of in rows
        ]
    )


def _evaluated(each: Score) -> float:
    return each.usage.prompt_tokens - each.usage.cached_tokens


def _seconds(totals: Totals) -> str:
    spent = [each.seconds for each in totals.scores]
    return f"{statistics.median(spent):.2f} / {max(spent):.2f}" if spent else "–"


_Row = tuple[str, str, Callable[[Totals], object]]
_RETRIEVAL: tuple[_Row, ...] = (
    (f"plain BM25: right passage among {BEST}", "< 80 %", lambda each: each.plain),
    ("MuAI: right passage among those used", "≥ 92 %", lambda each: each.found),
    ("passages used, mean", "", lambda each: f"{each.mean(lambda score: score.passages):.1f}"),
)
_ANSWERS: tuple[_Row, ...] = (
    ("facts found in the answer, quotations among it", "", lambda each: each.facts),
    ("facts found in sentences of the answer", "", lambda each: each.asserted),
    ("sentences whose citation holds", "", lambda each: each.support),
    (
        "sentences supported / unverified / contradicted",
        "",
        lambda each: " / ".join(str(each.sentences(verdict)) for verdict in _VERDICTS),
    ),
    ("refused where nothing is there", "≥ 95 %", lambda each: each.refused),
    ("answered where something is there", "", lambda each: each.answered),
    ("passages quoted in place of an answer", "", lambda each: each.quoted),
    ("addresses or source numbers that do not exist", "0", lambda each: each.invented),
)
_COST: tuple[_Row, ...] = (
    ("seconds a question, median / worst", "", _seconds),
    ("tokens evaluated, mean", "", lambda each: f"{each.mean(_evaluated):.0f}"),
    ("tokens written, mean", "", lambda each: f"{each.mean(lambda score: score.usage.completion_tokens):.0f}"),
)
