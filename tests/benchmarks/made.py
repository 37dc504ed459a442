"""Questions and results for the tests of the benchmarks."""

from __future__ import annotations

from benchmarks.quality_parts.question_set import Question
from mm_orch.records.answer_support import AnswerSupport, SentenceCheck
from mm_orch.records.source import Source
from mm_orch.records.workflow_result import WorkflowResult

URL = "https://pages.example/en/kestrel.md"


def question(*facts: tuple[str, ...], span: str | None = "for twelve seconds") -> Question:
    return Question("q1", "How do I wipe it?", "en", "paraphrased" if span else "nothing", URL, span, facts)


def result(
    answer: str,
    *,
    support: AnswerSupport | None = None,
    sources: tuple[Source, ...] = (Source(1, "Kestrel", f"corpus:{URL}", "for twelve seconds"),),
) -> WorkflowResult:
    return WorkflowResult("search_qa", answer, answer, sources=sources, artefacts={"support": support})


def support(*verdicts: str, quoted_only: bool = False) -> AnswerSupport:
    sentences = tuple(
        SentenceCheck(f"Sentence {at}.", (1,), verdict, shown=verdict != "contradicted")
        for at, verdict in enumerate(verdicts)
    )  # type: ignore[arg-type]
    return AnswerSupport(sentences, quoted_only)
