"""Web search through ddgs, which asks several public engines; it took the place of duckduckgo-search."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from mm_orch.errors import RateLimited, SearchError
from mm_orch.providers.search_engine_report import EngineReport
from mm_orch.providers.search_hits import asked, hits
from mm_orch.providers.search_region import Region
from mm_orch.providers.search_status import asked_to_wait
from mm_orch.records.search import SearchAnswer, SearchQuery
from mm_orch.words import say

_REGIONS = {"cn": "cn-zh", "tw": "tw-tzh", "": "us-en"}
_NO_RESULTS = "no results found"
_LIMIT_WORDS = ("ratelimit", "rate limit", "too many requests", "429")
_NO_NAME_WORDS = ("resolving dns", "dnserror")
_REASON_LENGTH = 200
_SHOWN = 80
_ELSEWHERE = "Check the network connection, or name another provider with --search"

TextSearch = Callable[[SearchQuery, str, EngineReport], Iterable[Mapping[str, Any]]]


class DdgsSearch:
    """A ``SearchProvider`` that contacts public search engines."""

    name = "ddgs"

    def __init__(
        self, *, timeout_s: float = 15.0, region: str | None = None, text_search: TextSearch | None = None
    ) -> None:
        """``timeout_s`` covers the whole search. ``region`` is ddgs' own code, such as ``"us-en"``; None follows
        the question. ``text_search(query, region, report)`` gives dicts with ``href``, ``title``, ``body``; it
        stands in for ddgs.
        """
        self._timeout_s = timeout_s
        self._region = region
        self._text_search = text_search

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """The hits that the engines agree on; none for an empty query.

        Raises ``RateLimited`` when the engines ask to wait, ``SearchError`` when none can be reached in time.
        """
        text, warnings = asked(query, self.name)
        if not text:
            return SearchAnswer((), self.name)
        report = EngineReport()
        region = self._region or _REGIONS[Region.of(query, None).country]
        search = self._text_search or _ask_ddgs
        try:
            async with asyncio.timeout(self._timeout_s):
                found = await _in_thread(lambda: list(search(replace(query, text=text), region, report)))
        except TimeoutError as error:
            took = f"the search for {_shown(query)} took longer than {self._timeout_s:g} s"
            raise SearchError(took, hint=_ELSEWHERE) from error
        except Exception as error:
            if report.nobody_searched:
                raise _refused(report) from error
            if _NO_RESULTS in f"{error}".lower():
                return SearchAnswer((), self.name, (*warnings, *_refusals(report, query.language)))
            raise _explained(query, error) from error
        return SearchAnswer(hits(found, ("href", "title", "body"), query.limit, self.name), self.name, warnings)


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


def _ask_ddgs(query: SearchQuery, region: str, report: EngineReport) -> Iterable[Mapping[str, Any]]:
    from mm_orch.providers.search_engines import ask_engines

    return ask_engines(query, region, report)


def _refused(report: EngineReport) -> RateLimited:
    return asked_to_wait(DdgsSearch.name, report.wait_s, f": its engines refuse to answer ({_listed(report)})")


def _refusals(report: EngineReport, language: str) -> tuple[str, ...]:
    """A warning for engines that refused where others answered and knew nothing."""
    if not report.refused:
        return ()
    return (say("warning.engines_refused", language, provider=DdgsSearch.name, engines=_listed(report)),)


def _listed(report: EngineReport) -> str:
    return ", ".join(f"{name} {status}" for name, status in sorted(report.refused.items()))


def _explained(query: SearchQuery, error: Exception) -> SearchError:
    """What a failure inside ddgs means. Its own classes say little: most failures come as a bare text."""
    from ddgs.exceptions import RatelimitException, TimeoutException

    said = f"{error}".lower()
    if isinstance(error, RatelimitException) or any(word in said for word in _LIMIT_WORDS):
        hint = "Wait a minute, or name another provider with --search"
        return RateLimited(f"the search engines ask to wait before searching for {_shown(query)}", hint=hint)
    if isinstance(error, TimeoutException):
        return SearchError(f"the search engines took too long over {_shown(query)}", hint=_ELSEWHERE)
    if any(word in said for word in _NO_NAME_WORDS):
        return SearchError(f"no search engine can be reached to search for {_shown(query)}", hint=_ELSEWHERE)
    reason = f"{error}"[:_REASON_LENGTH] or type(error).__name__
    return SearchError(f"the search for {_shown(query)} failed: {reason}", hint=_ELSEWHERE)


def _shown(query: SearchQuery) -> str:
    return repr(query.text if len(query.text) <= _SHOWN else f"{query.text[:_SHOWN]}…")
