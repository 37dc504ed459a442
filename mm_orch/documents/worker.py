"""The reader process, ``python -m mm_orch.documents.worker``: documents in on stdin, pages out on stdout.

It is a process because a hostile page can keep the reader busy for minutes, and only a process can be ended.
"""

from __future__ import annotations

from mm_orch.documents.reader import read_document
from mm_orch.errors import FetchError, as_json
from mm_orch.processes import memory_bound
from mm_orch.processes.frames import Head
from mm_orch.processes.inside import Parent

_ADDRESS_SPACE = 3_000_000_000  # bytes; a document of 100 MB needs about a third
_LARGE = 8_000_000  # bytes; what a document of that size made the process take is worth giving back
_ORDINARY_PAGE = b"<html><head><title>t</title></head><body><h1>t</h1><p>Words to read.</p></body></html>"


def main() -> None:
    """Answer one request after the other until the parent is gone."""
    parent = Parent()
    memory_bound.limit(_ADDRESS_SPACE)
    # Load what the usual page needs while the first one is still on its way.
    read_document(_ORDINARY_PAGE, "text/html", "warm://page")
    parent.serve(_answer)


def _answer(head: Head, data: bytes) -> tuple[Head, bytes]:
    answer, text = _read(head, data)
    return {**answer, "spent": len(data) >= _LARGE or memory_bound.was_nearly_reached(_ADDRESS_SPACE)}, text


def _read(head: Head, data: bytes) -> tuple[Head, bytes]:
    url = head["url"]
    try:
        page = read_document(data, head["media_type"], url, head["charset"])
    except FetchError as error:
        return {"error": as_json(error)}, b""
    except Exception as error:
        if isinstance(error, MemoryError) or memory_bound.was_nearly_reached(_ADDRESS_SPACE):
            return {"error": as_json(FetchError("page_too_large_to_read", url=url))}, b""
        # Whatever a parser stumbles over is the page's fault, and must not take the next page with it.
        why = f"{type(error).__name__}: {error}"[:400]
        return {"error": as_json(FetchError("page_not_read", url=url, why=why))}, b""
    return {"title": page.title, "media_type": page.media_type}, page.text.encode("utf-8", "replace")


if __name__ == "__main__":
    main()
