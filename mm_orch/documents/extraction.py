"""Documents read in processes that can be ended: a few, started when needed and kept warm."""

from __future__ import annotations

import os

from mm_orch.errors import FetchError, of_json
from mm_orch.processes.frames import Head
from mm_orch.processes.pool import ChildPool
from mm_orch.records.page import Page


class ExtractionPool:
    """Serves any number of event loops and threads. Its processes end with it, with ``close``, or with this one."""

    def __init__(self, *, limit_s: float = 10.0, processes: int | None = None) -> None:
        """A page may take ``limit_s`` seconds to read; up to ``processes`` (default: the CPUs, 2 to 4) are kept."""
        self._limit_s = limit_s
        most = processes or min(4, max(2, os.cpu_count() or 2))
        self._readers = ChildPool("mm_orch.documents.worker", most)
        self.warm, self.close = self._readers.warm, self._readers.close

    async def read(
        self, data: bytes, media_type: str, url: str, charset: str | None, limit_s: float | None = None
    ) -> Page:
        """As ``read_document``, within ``limit_s`` seconds (default: the pool's). Being cancelled ends the process.

        Raises ``FetchError`` also for a document that takes longer than that or makes its reader crash.
        """
        limit_s = self._limit_s if limit_s is None else limit_s
        request = {"media_type": media_type, "url": url, "charset": charset}
        try:
            head, text = await self._readers.ask(request, data, limit_s)
        except OSError as error:
            raise _failure(url, limit_s, error) from error
        return _page(url, head, text)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are running."""
        return self._readers.pids


def _failure(url: str, limit_s: float, error: OSError) -> FetchError:
    match error:
        case TimeoutError():
            why = "read_too_slow"
        case ConnectionAbortedError():
            why = "read_given_up"
        case BrokenPipeError():
            why = "read_crashed"
        case _:
            return FetchError("reader_not_started", error=str(error))
    return FetchError(why, url=url, limit=limit_s)


def _page(url: str, head: Head, text: bytes) -> Page:
    if "error" in head:
        raise of_json(head["error"])
    return Page(url, head["title"], text.decode("utf-8"), head["media_type"])
