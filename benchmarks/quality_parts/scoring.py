"""How one question went: what code can tell from the passages, the answer and its sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.quality_parts.asking import Asked
from benchmarks.quality_parts.question_set import Question, holds
from mm_orch.language.folding import fold
from mm_orch.records.answer_support import AnswerSupport
from mm_orch.records.usage import Usage
from mm_orch.records.workflow_result import WorkflowResult

_CITATION = re.compile(r"\[(\d+)\]")
_URL = re.compile(r"(?:https?|ftp|corpus):[^\s)\]>）】]+|www\.[^\s)\]>）】]+")
_SENTENCE_END = ".,;:!?。，；：！？'\""


@dataclass(frozen=True, slots=True)
class Score:
    """``plain`` and ``found``: whether plain retrieval and MuAI had the right passage, None where there is none.

    ``facts`` are found of asked. Of the answer: ``support`` as the verifier left it, ``invented`` addresses and
    source numbers that do not exist. ``usage`` is in tokens, ``seconds`` wall-clock.
    ``result`` None: nothing was written.
    """

    question: Question
    plain: bool | None
    found: bool | None
    passages: int
    seconds: float
    facts: tuple[int, int] = (0, 0)
    support: AnswerSupport = field(default_factory=AnswerSupport)
    refused: bool = False
    invented: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    result: WorkflowResult | None = None


def score(asked: Asked, plain: bool | None, known: Iterable[str]) -> Score:
    """The score of ``asked``; ``known`` are the addresses of all pages of the set."""
    question, result = asked.question, asked.result
    found = None
    if question.span is not None:
        found = any(
            passage.url.endswith(question.url) and holds(passage.text, question.span) for passage in asked.passages
        )
    if result is None:
        return Score(question, plain, found, len(asked.passages), asked.seconds)
    return Score(
        question,
        plain,
        found,
        len(asked.passages),
        asked.seconds,
        (facts_found(question.facts, result.answer), len(question.facts)),
        result.support or AnswerSupport(),
        refused(result),
        invented(result, known),
        result.usage,
        result,
    )


def refused(result: WorkflowResult) -> bool:
    """Whether the answer asserts nothing: no sentence of it is shown, at most passages are quoted.

    An answer from the model's own knowledge is none.
    """
    if result.support is None:
        return False
    return result.support.quoted_only or not any(each.shown for each in result.support.sentences)


def facts_found(facts: Sequence[Sequence[str]], answer: str) -> int:
    """How many of ``facts`` the answer names in one of their spellings; source numbers are no facts."""
    text = fold(_CITATION.sub(" ", answer))
    return sum(any(_named(fold(spelling), text) for spelling in spellings) for spellings in facts)


def invented(result: WorkflowResult, known: Iterable[str]) -> tuple[str, ...]:
    """Source numbers without a source, and addresses that are no page of the set, in answer and sources."""
    pages, ids = tuple(known), {str(source.id) for source in result.sources}
    numbers = [f"[{number}]" for number in _CITATION.findall(result.answer) if number not in ids]
    named = [*_URL.findall(result.answer), *(source.url for source in result.sources)]
    return (*numbers, *(url for url in named if not url.rstrip(_SENTENCE_END).endswith(pages)))


def _named(spelling: str, text: str) -> bool:
    """A number must not be part of another, a Latin word must begin where the spelling does."""
    before = r"(?<![\d.,:])" if spelling[0].isdigit() else r"(?<![a-z])" if spelling[0].isascii() else ""
    after = r"(?!\d|[.,:]\d)" if spelling[-1].isdigit() else ""
    return re.search(before + re.escape(spelling) + after, text) is not None
