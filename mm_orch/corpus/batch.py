"""Documents that were read, stored many at a time, and what became of them: a transaction costs more than one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mm_orch.corpus.address import shown
from mm_orch.corpus.document import Prepared, Stamp
from mm_orch.corpus.index import CorpusIndex
from mm_orch.errors import MuAIError

_DOCUMENTS = 512
_CHARACTERS = 4_000_000
_SECONDS = 2.0

Kind = Literal["added", "replaced", "unchanged", "removed", "left out", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``name`` is a path or a URL; ``reason`` why it failed, or what a reader of the document should know.

    "left out" are files in a folder whose names say that they are no documents.
    """

    kind: Kind
    name: str
    reason: str | MuAIError = ""


class Batch:
    """Collects changes for ``index`` and tells of each once it is stored."""

    def __init__(self, index: CorpusIndex, tell: Callable[[Outcome], None]) -> None:
        self._index = index
        self._tell = tell
        self._documents: list[Prepared] = []
        self._same: dict[str, Stamp] = {}
        self._characters = 0
        self._since = 0.0

    def put(self, document: Prepared) -> None:
        """Store ``document`` soon."""
        self._characters += len(document.page.text)
        self._documents.append(document)
        self._store_if_due()

    def same(self, address: str, stamp: Stamp) -> None:
        """Note soon that a document's source has a new time of change, and the content it had."""
        self._same[address] = stamp
        self._store_if_due()

    def store(self) -> None:
        """Store now what is waiting."""
        documents, same = self._documents, self._same
        if not documents and not same:
            return
        replaced = self._index.store(documents, same=same)
        self._documents, self._same, self._characters = [], {}, 0
        for document in documents:
            kind: Kind = "replaced" if document.address in replaced else "added"
            self._tell(Outcome(kind, shown(document.address), "; ".join(document.page.warnings)))
        for address in same:
            self._tell(Outcome("unchanged", shown(address)))

    def _store_if_due(self) -> None:
        waiting = len(self._documents) + len(self._same)
        if waiting == 1:
            self._since = time.monotonic()
        due = waiting >= _DOCUMENTS or self._characters >= _CHARACTERS
        if due or time.monotonic() - self._since > _SECONDS:
            self.store()
