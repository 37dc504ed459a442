"""Both ways over the same questions, taking turns: MuAI's workflow, and whole pages one after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality_parts.asking import Asked, Asker
from benchmarks.quality_parts.question_set import Question
from benchmarks.quality_parts.scoring import facts_found
from benchmarks.quality_parts.shelf import Shelf
from benchmarks.speed.companion import Companion
from mm_orch.records.page import Page

# What the same steps of a workflow that reads whole pages would be given.
SUMMARY_TOKENS, ANSWER_TOKENS = 96, 300

_WORDS: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("plain_way.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Side:
    """One way's answer: ``seconds`` wall-clock, tokens ``evaluated`` (not found in a cache) and ``written``."""

    seconds: float
    evaluated: int
    written: int
    facts: int
    answer: str


@dataclass(frozen=True, slots=True)
class Bout:
    """One question, answered both ways from the same ``pages``."""

    question: Question
    pages: int
    muai: Side
    plain: Side

    @property
    def ratio(self) -> float:
        """How many times as long the plain way took."""
        return self.plain.seconds / self.muai.seconds


class Contest:
    """``peer`` is the process that goes the plain way."""

    def __init__(self, asker: Asker, peer: Companion) -> None:
        self._asker = asker
        self._peer = peer

    def bouts(self, questions: Sequence[Question], shelf: Shelf) -> Iterator[Bout]:
        """One after the other, the beginner changing; an earlier round over the first question warms both up."""
        self._bout(questions[0], shelf, muai_first=True)
        for turn, question in enumerate(questions):
            yield self._bout(question, shelf, muai_first=turn % 2 == 0)

    def _bout(self, question: Question, shelf: Shelf, *, muai_first: bool) -> Bout:
        # The plain way is given the pages that MuAI read, so these are found first where it begins.
        pages = self._asker.ask(question, shelf, answer=False).pages
        if muai_first:
            muai, plain = self._muai(question, shelf), self._plain(question, pages)
        else:
            plain, muai = self._plain(question, pages), self._muai(question, shelf)
        return Bout(question, len(pages), muai, plain)

    def _muai(self, question: Question, shelf: Shelf) -> Side:
        asked: Asked = self._asker.ask(question, shelf, answer=True)
        assert asked.result is not None
        usage, answer = asked.result.usage, asked.result.answer
        evaluated = usage.prompt_tokens - usage.cached_tokens
        facts = facts_found(question.facts, answer)
        return Side(asked.seconds, evaluated, usage.completion_tokens, facts, answer)

    def _plain(self, question: Question, pages: Sequence[Page]) -> Side:
        reply: Mapping[str, Any] = self._peer.ask(prompts(question, pages))
        facts = facts_found(question.facts, reply["answer"])
        return Side(reply["seconds"], reply["evaluated"], reply["written"], facts, reply["answer"])


def prompts(question: Question, pages: Sequence[Page]) -> dict[str, Any]:
    """What the plain way is asked, for ``pages`` in the order in which they were found."""
    words = _WORDS[question.language]
    return {
        "system": words["system"],
        "summaries": [
            words["summary"].replace("{question}", question.text).replace("{page}", page.text) for page in pages
        ],
        "answer": words["answer"].replace("{question}", question.text),
        "summary_tokens": SUMMARY_TOKENS,
        "answer_tokens": ANSWER_TOKENS,
    }
