"""Documents that were read, stored many at a time: one transaction costs more than one document."""

from __future__ import annotations

import time
from collections.abc import Callable

from mm_orch.corpus.document import Prepared, Stamp
from mm_orch.corpus.index import CorpusIndex
from mm_orch.corpus.outcome import Outcome

_DOCUMENTS = 128
_CHARACTERS = 4_000_000
_SECONDS = 1.0


class Batch:
    """Collects changes for ``index`` and tells each outcome once its change is stored."""

    def __init__(self, index: CorpusIndex, tell: Callable[[Outcome], None]) -> None:
        self._index = index
        self._tell = tell
        self._documents: list[Prepared] = []
        self._same: dict[str, Stamp] = {}
        self._outcomes: list[Outcome] = []
        self._characters = 0
        self._since = 0.0

    def put(self, document: Prepared, outcome: Outcome) -> None:
        """Store ``document`` soon."""
        self._documents.append(document)
        self._characters += len(document.page.text)
        self._later(outcome)

    def same(self, address: str, stamp: Stamp, outcome: Outcome) -> None:
        """Note soon that a document's source has a new time of change, and the content it had."""
        self._same[address] = stamp
        self._later(outcome)

    def store(self) -> None:
        """Store now what is waiting."""
        if not self._outcomes:
            return
        self._index.store(self._documents, same=self._same)
        for outcome in self._outcomes:
            self._tell(outcome)
        self._documents, self._same, self._outcomes, self._characters = [], {}, [], 0

    def _later(self, outcome: Outcome) -> None:
        if not self._outcomes:
            self._since = time.monotonic()
        self._outcomes.append(outcome)
        waited = time.monotonic() - self._since
        if len(self._outcomes) >= _DOCUMENTS or self._characters >= _CHARACTERS or waited > _SECONDS:
            self.store()
