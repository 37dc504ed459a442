"""ddgs' search engines with an eye on what they answer: ddgs itself takes a refusal for finding nothing.

ddgs 9.16 drops every answer whose status is not 200 (``BaseSearchEngine.request``), so an engine that blocks us
looks like one that knows no page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ddgs.ddgs import DDGS  # the name in ddgs itself makes a DDGS of every subclass

from mm_orch.providers.search_engine_report import EngineReport
from mm_orch.records.search import SearchQuery

_REQUEST_S = 5  # one engine's answer; several are asked in turn within the total deadline


class WatchedEngines(DDGS):  # type: ignore[misc]
    """ddgs, noting into ``report`` what each engine answers.

    Its client honours HTTPS_PROXY, ALL_PROXY, NO_PROXY and SSL_CERT_FILE by itself.
    """

    def __init__(self, report: EngineReport) -> None:
        super().__init__(timeout=_REQUEST_S)
        self._report = report

    def _get_engines(self, category: str, backend: str) -> list[Any]:
        engines: list[Any] = super()._get_engines(category, backend)
        for engine in engines:
            if not isinstance(engine.http_client, _Watched):
                engine.http_client = _Watched(engine.http_client, engine.name, self._report)
        return engines


class _Watched:
    """An engine's HTTP client, with everything it had."""

    def __init__(self, client: Any, engine: str, report: EngineReport) -> None:
        self._client = client
        self._engine = engine
        self._report = report

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def request(self, *positional: Any, **named: Any) -> Any:
        response = self._client.request(*positional, **named)
        raw = getattr(response, "_resp", None)
        self._report.note(self._engine, response.status_code, getattr(raw, "headers", None) or {})
        return response


def ask_engines(query: SearchQuery, region: str, report: EngineReport) -> Iterable[Mapping[str, Any]]:
    """What the engines found, as ddgs gives it. Raises ddgs' exceptions, also for finding nothing."""
    engines = WatchedEngines(report)
    found: list[dict[str, Any]] = engines.text(query.text, region=region, max_results=query.limit)
    return found
