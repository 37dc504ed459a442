"""MuAI's own documentation as the corpus of a user who added nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mm_orch.corpus.address import OWN as SCHEME
from mm_orch.corpus.document import Prepared, Stamp, prepare
from mm_orch.corpus.index import OWN, CorpusIndex
from mm_orch.documents.reader import read_document

_MARKDOWN = "text/markdown"


class OwnDocuments:
    """The Markdown files below ``folder`` and the ``files`` beside it, in ``index`` from the first search on."""

    def __init__(self, index: CorpusIndex, folder: Path, files: Sequence[Path] = ()) -> None:
        self.index = index
        self._folder = folder
        self._files = files

    def refresh(self) -> None:
        """Bring the index up to date with the files. Does nothing when the user has documents of their own."""
        named = self._named()
        made = (_changed(address, path, self.index.stamp(address)) for address, path in named.items())
        changed = [document for document in made if document]
        if changed:
            self.index.store(changed, OWN)
        gone = {document.address for document in self.index.documents(OWN)} - named.keys()
        if gone:
            self.index.remove(gone)

    def _named(self) -> dict[str, Path]:
        inside = {path.relative_to(self._folder.parent).as_posix(): path for path in self._folder.rglob("*.md")}
        beside = {path.name: path for path in self._files if path.is_file()}
        return {SCHEME + name: path for name, path in sorted((beside | inside).items())}


def _changed(address: str, path: Path, stored: Stamp | None) -> Prepared | None:
    data = path.read_bytes()
    stamp = Stamp.of(data)
    if stamp == stored:
        return None
    return prepare(address, stamp, read_document(data, _MARKDOWN, path.name))
