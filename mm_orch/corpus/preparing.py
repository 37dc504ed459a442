"""Plain documents cut into passages and words: a few of them here, many by several processes at once.

``python -m mm_orch.corpus.preparing`` is such a process; the parent reads files and stores what is ready meanwhile.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence

from mm_orch.corpus.document import Prepared, prepare
from mm_orch.corpus.file_source import RawText
from mm_orch.documents.reader import read_document
from mm_orch.errors import FetchError
from mm_orch.processes.frames import Head
from mm_orch.processes.inside import Parent
from mm_orch.processes.pool import ChildPool

GROUP = 32  # documents that are sent to a process together; fewer are not worth one


class Preparing:
    """Starts up to ``processes`` (default: one a CPU, 4 at most) when they are needed; ``close`` ends them."""

    def __init__(self, processes: int | None = None) -> None:
        self._children = ChildPool("mm_orch.corpus.preparing", processes or min(4, os.cpu_count() or 1))
        self.close = self._children.close

    async def prepare(self, texts: Sequence[RawText]) -> list[Prepared | FetchError]:
        """The documents in ``texts``, in order, or why each of them is none."""
        if len(texts) < GROUP:
            return [prepare_text(raw) for raw in texts]
        try:
            _, answer = await self._children.ask({}, pickle.dumps(list(texts), pickle.HIGHEST_PROTOCOL))
        except OSError:
            return [FetchError("preparing_ended") for _ in texts]
        made: list[Prepared | FetchError] = pickle.loads(answer)
        return made

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are running."""
        return self._children.pids


def prepare_text(raw: RawText) -> Prepared | FetchError:
    """The document in ``raw``, or why it is none."""
    try:
        return prepare(raw.address, raw.stamp, read_document(raw.data, raw.media_type, raw.name))
    except FetchError as error:
        return error


def _answer(_head: Head, texts: bytes) -> tuple[Head, bytes]:
    return {}, pickle.dumps([prepare_text(raw) for raw in pickle.loads(texts)], pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    Parent().serve(_answer)
