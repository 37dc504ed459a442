"""The corpus as a person sees it: documents that are being added, a table of them, passages that were found."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mm_orch.cli import screen
from mm_orch.cli.downloads_view import human_size
from mm_orch.cli.local_time import local_time
from mm_orch.cli.progress import progress
from mm_orch.errors import MuAIError

if TYPE_CHECKING:
    from mm_orch.corpus.batch import Kind, Outcome
    from mm_orch.corpus.document import Document
    from mm_orch.records.passage import Passage

_EVERY_S = 5.0
_SHOWN = 400  # characters of a passage


class AddingView:
    """Tells on stderr what becomes of documents: failures always, the rest as suits stderr; counts them all."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._shown = progress(quiet=quiet, verbose=verbose)
        self._quiet, self._verbose = quiet, verbose
        self._live = screen.is_terminal(sys.stderr)
        self._told_at = time.monotonic()
        self.counts: Counter[Kind] = Counter()

    def tell(self, outcome: Outcome) -> None:
        """Once a document is settled."""
        self.counts[outcome.kind] += 1
        says = outcome.kind == "failed" or (bool(outcome.reason) and not self._quiet)
        if says or self._verbose:
            self._shown.close()
            reason = outcome.reason
            why = reason.said(screen.language()) if isinstance(reason, MuAIError) else reason
            screen.note(": ".join(part for part in (outcome.kind, outcome.name, why) if part))
        now = time.monotonic()
        if now - self._told_at > (0.1 if self._live else _EVERY_S):
            self._told_at = now
            self._shown.say(summary(self.counts))

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._shown.close()


def summary(counts: Mapping[Kind, int]) -> str:
    """How many documents were added, replaced, … in one line."""
    said = [f"{count} {kind}" for kind, count in counts.items() if count]
    return ", ".join(said) or "nothing was there to add"


def document(stored: Document, address: str) -> dict[str, Any]:
    """A document for ``--json``; ``address`` is its path or URL as the user knows it."""
    row = asdict(stored)
    stamp = row.pop("stamp")
    return {**row, "address": address, "size": stamp["size"], "sha256": stamp["sha256"]}


def line(stored: Document, address: str) -> str:
    """A document as a row of ``list``."""
    size = human_size(stored.stamp.size)
    return f"{stored.id:>5}  {local_time(stored.added)}  {size:>8}  {stored.passages:>5}  {address}"


def found(passage: Passage) -> str:
    """A passage under where it stands."""
    named = not passage.title or passage.heading.startswith(passage.title)
    where = passage.heading if named else f"{passage.title} > {passage.heading}".removesuffix(" > ")
    text = passage.text if len(passage.text) <= _SHOWN else passage.text[: _SHOWN - 1] + "…"
    return f"{passage.url}\n{where}\n{text}\n"


def passage(found_one: Passage) -> dict[str, Any]:
    """A passage for ``--json``."""
    row = asdict(found_one)
    return {key: row[key] for key in ("url", "title", "heading", "text", "start")}
