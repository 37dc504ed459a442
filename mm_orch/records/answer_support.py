"""What checking an answer against its passages found, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["supported", "unverified", "contradicted"]


@dataclass(frozen=True, slots=True)
class SentenceCheck:
    """One sentence of a draft: ``sources`` are the numbers it cites, ``reasons`` say what its sources lack.

    ``unverified`` is marked where it is shown; ``contradicted`` is never ``shown``, nor are a small model's own
    words. ``repaired`` ones were written a second time.
    """

    text: str
    sources: tuple[int, ...]
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    repaired: bool = False
    shown: bool = True


@dataclass(frozen=True, slots=True)
class AnswerSupport:
    """``quoted_only`` says that no sentence was left and passages are quoted in place of an answer."""

    sentences: tuple[SentenceCheck, ...] = ()
    quoted_only: bool = False

    def count(self, verdict: Verdict) -> int:
        """How many sentences came to ``verdict``."""
        return sum(sentence.verdict == verdict for sentence in self.sentences)

    @property
    def left_out(self) -> int:
        """How many sentences are not shown."""
        return sum(not sentence.shown for sentence in self.sentences)
