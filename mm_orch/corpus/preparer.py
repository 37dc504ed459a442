"""The process that cuts plain documents into passages and words, ``python -m mm_orch.corpus.preparer``.

Large folders are prepared by several of them, while the parent reads files and stores what is ready.
"""

from __future__ import annotations

import pickle
import signal
import sys

from mm_orch.corpus.document import Prepared, prepare
from mm_orch.corpus.file_source import RawText
from mm_orch.documents.reader import read_document
from mm_orch.errors import FetchError


def prepare_text(raw: RawText) -> Prepared | FetchError:
    """The document in ``raw``, or why it is none."""
    try:
        return prepare(raw.address, raw.stamp, read_document(raw.data, raw.media_type, raw.name))
    except FetchError as error:
        return error


def main() -> None:
    """Answer lists of texts from stdin with lists of documents on stdout, until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which decides what is kept
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    while True:
        try:
            texts: list[RawText] = pickle.load(source)
            pickle.dump([prepare_text(raw) for raw in texts], sink, pickle.HIGHEST_PROTOCOL)
            sink.flush()
        except (EOFError, OSError):
            return


if __name__ == "__main__":
    main()
