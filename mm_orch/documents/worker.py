"""The reader process, ``python -m mm_orch.documents.worker``: documents in on stdin, pages out on stdout.

It is a process because a hostile page can keep the reader busy for minutes, and only a process can be ended.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from typing import IO

from mm_orch.documents.frames import Head, read_frame, write_frame
from mm_orch.documents.memory_limit import set_limit, was_nearly_reached
from mm_orch.documents.reader import read_document
from mm_orch.errors import FetchError

_Request = tuple[Head, bytes]


def main() -> None:
    """Answer one request after the other until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which decides what becomes of a page
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    requests: queue.SimpleQueue[_Request] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(source, requests), daemon=True).start()
    set_limit()
    _warm()

    while True:
        try:
            head, text = _answer(*requests.get())
            write_frame(sink, {**head, "spent": "yes" if was_nearly_reached() else None}, text)
        except (OSError, ValueError):
            return


def _receive(source: IO[bytes], requests: queue.SimpleQueue[_Request]) -> None:
    """Pass requests on; when the parent is gone, so is this process, in mid-page too."""
    while True:
        try:
            requests.put(read_frame(source))
        except (EOFError, OSError, ValueError):
            os._exit(0)


_ORDINARY_PAGE = b"<html><head><title>t</title></head><body><h1>t</h1><p>Words to read.</p></body></html>"


def _warm() -> None:
    """Load what the usual page needs while the first one is still on its way."""
    read_document(_ORDINARY_PAGE, "text/html", "warm://page")


def _answer(head: Head, data: bytes) -> _Request:
    url = head["url"] or ""
    try:
        page = read_document(data, head["media_type"] or "", url, head["charset"])
    except FetchError as error:
        return {"error": type(error).__name__, "message": error.message, "hint": error.hint}, b""
    except Exception as error:
        if isinstance(error, MemoryError) or was_nearly_reached():
            message = f"{url!r} needs more memory to read than one document may have"
            return {"error": "FetchError", "message": message, "hint": "Split it, or leave it out"}, b""
        # Whatever a parser stumbles over is the page's fault, and must not take the next page with it.
        message = f"{url!r} could not be read: {type(error).__name__}: {error}"
        return {"error": "FetchError", "message": message[:500], "hint": "Choose another page"}, b""
    return {"title": page.title, "media_type": page.media_type}, page.text.encode("utf-8", "replace")


if __name__ == "__main__":
    main()
