"""Decides what goes into a prompt, token by token: what is claimed never exceeds the context."""

from __future__ import annotations

from mm_orch.records.ledger import EntryKind, Ledger, LedgerEntry


class TokenLedger:
    """Tokens of one prompt; ``context`` is what the model can hold, prompt and answer together."""

    def __init__(self, context: int) -> None:
        self._context = context
        self._entries: list[LedgerEntry] = []
        self.left = context

    def claim(self, kind: EntryKind, what: str, tokens: int) -> bool:
        """Put something in, if there is room for it; says whether there was."""
        if tokens > self.left:
            return False
        self._entries.append(LedgerEntry(kind, what, tokens))
        self.left -= tokens
        return True

    def cut(self, kind: EntryKind, what: str, tokens: int, reason: str) -> None:
        """Note that something stays out, and why."""
        self._entries.append(LedgerEntry(kind, what, tokens, used=False, reason=reason))

    def closed(self) -> Ledger:
        """The record: what was used first, then what was cut, each in the order given."""
        ordered = sorted(self._entries, key=lambda entry: not entry.used)
        return Ledger(self._context, tuple(ordered))
