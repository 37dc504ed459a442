"""Web search through ddgs, which asks several public engines; it took the place of duckduckgo-search."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from mm_orch.errors import RateLimited, SearchError
from mm_orch.records.search import Hit, SearchAnswer, SearchQuery

_REGIONS = {"zh": "cn-zh", "en": "us-en"}
_REQUEST_S = 5  # one engine's answer; several are asked in turn within the total deadline
_NO_RESULTS = "no results found"
_LIMIT_WORDS = ("ratelimit", "rate limit", "too many requests", "429")
_REASON_LENGTH = 200
_QUERY_LENGTH = 400  # engines refuse or cut what is longer
_SHOWN = 80
_ELSEWHERE = "Check the network connection, or name another provider with --search"

TextSearch = Callable[[SearchQuery, str], Iterable[Mapping[str, Any]]]


class DdgsSearch:
    """A ``SearchProvider`` that contacts public search engines, at most one request in ``interval_s`` seconds."""

    name = "ddgs"

    def __init__(
        self,
        *,
        timeout_s: float = 15.0,
        region: str | None = None,
        interval_s: float = 1.0,
        text_search: TextSearch | None = None,
    ) -> None:
        """``timeout_s`` covers the whole search. ``region`` such as ``"us-en"`` or ``"cn-zh"`` follows the query's
        language when None. ``text_search(query, region)`` gives dicts with ``href``, ``title``, ``body`` and stands
        in for ddgs.
        """
        self._timeout_s = timeout_s
        self._region = region
        self._interval_s = interval_s
        self._text_search = text_search or _ask_ddgs
        self._lock = threading.Lock()
        self._free_at = 0.0

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """The hits that the engines agree on; none for an empty query.

        Raises ``RateLimited`` when an engine asks to wait, ``SearchError`` when none can be reached in time.
        """
        text = " ".join(query.text.split())
        if not text:
            return SearchAnswer((), self.name)
        asked = replace(query, text=text[:_QUERY_LENGTH])
        cut = f"{self.name}: only the first {_QUERY_LENGTH} characters were searched for"
        warnings = (cut,) if len(text) > _QUERY_LENGTH else ()
        region = self._region or _REGIONS.get(query.language, _REGIONS["en"])
        try:
            async with asyncio.timeout(self._timeout_s):
                await asyncio.sleep(self._pause())
                found = await _in_thread(lambda: list(self._text_search(asked, region)))
        except TimeoutError as error:
            took = f"the search for {_shown(query)} took longer than {self._timeout_s:g} s"
            raise SearchError(took, hint=_ELSEWHERE) from error
        except Exception as error:
            if _NO_RESULTS in f"{error}".lower():
                return SearchAnswer((), self.name)
            raise _explained(query, error) from error
        return SearchAnswer(_hits(found, query.limit), self.name, warnings)

    def _pause(self) -> float:
        """Seconds until this request may go out; reserves its place among those of other threads and loops."""
        with self._lock:
            now = time.monotonic()
            start = max(now, self._free_at)
            self._free_at = start + self._interval_s
            return start - now


async def _in_thread(work: Callable[[], list[Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
    """Run ``work`` in a thread that nobody waits for: ddgs cannot be stopped, and must not hold up the way out."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[list[Mapping[str, Any]]] = loop.create_future()

    def settle(found: list[Mapping[str, Any]] | None, error: Exception | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(found or [])
        else:
            done.set_exception(error)

    def run() -> None:
        found, failure = None, None
        try:
            found = work()
        except Exception as error:  # handed to the waiting side, whatever it is
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
            loop.call_soon_threadsafe(settle, found, failure)

    threading.Thread(target=run, daemon=True, name="muai-search").start()
    return await done


def _ask_ddgs(query: SearchQuery, region: str) -> Iterable[Mapping[str, Any]]:
    from ddgs import DDGS

    found: list[dict[str, Any]] = DDGS(timeout=_REQUEST_S).text(query.text, region=region, max_results=query.limit)
    return found


def _explained(query: SearchQuery, error: Exception) -> SearchError:
    """What a failure inside ddgs means. Its own classes say little: most engines' refusals come as a bare text."""
    from ddgs.exceptions import RatelimitException, TimeoutException

    said = f"{error}".lower()
    if isinstance(error, RatelimitException) or any(word in said for word in _LIMIT_WORDS):
        hint = "Wait a minute, or name another provider with --search"
        return RateLimited(f"the search engines ask to wait before searching for {_shown(query)}", hint=hint)
    if isinstance(error, TimeoutException):
        return SearchError(f"the search engines took too long over {_shown(query)}", hint=_ELSEWHERE)
    if "dns" in said:
        return SearchError(f"no search engine can be reached to search for {_shown(query)}", hint=_ELSEWHERE)
    reason = f"{error}"[:_REASON_LENGTH] or type(error).__name__
    return SearchError(f"the search for {_shown(query)} failed: {reason}", hint=_ELSEWHERE)


def _shown(query: SearchQuery) -> str:
    return repr(query.text if len(query.text) <= _SHOWN else f"{query.text[:_SHOWN]}…")


def _hits(found: Iterable[Mapping[str, Any]], limit: int) -> tuple[Hit, ...]:
    """Web addresses only, each once."""
    hits: dict[str, Hit] = {}
    for entry in found:
        url = str(entry.get("href") or "")
        if url.startswith(("http://", "https://")):
            title, snippet = (" ".join(str(entry.get(key) or "").split()) for key in ("title", "body"))
            hits.setdefault(url, Hit(url, title or url, snippet, DdgsSearch.name))
    return tuple(hits.values())[:limit]
