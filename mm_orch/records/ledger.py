"""Where a prompt's tokens go: what was used, what was cut, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EntryKind = Literal["prompt", "question", "history", "passage", "note", "answer"]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """``tokens`` of one thing; ``what`` names it: a title and address for a passage.

    ``reason`` says why it was cut, and is empty for what was used. ``prompt`` is the fixed words, ``answer`` what
    is kept free for writing.
    """

    kind: EntryKind
    what: str
    tokens: int
    used: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """``context`` is the model's, in tokens; the entries that were used fit in it."""

    context: int
    entries: tuple[LedgerEntry, ...] = ()

    @property
    def used(self) -> int:
        """Tokens of all that was used."""
        return sum(entry.tokens for entry in self.entries if entry.used)

    @property
    def left(self) -> int:
        """Tokens of the context that nothing claims."""
        return self.context - self.used
