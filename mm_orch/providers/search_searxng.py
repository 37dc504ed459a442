"""Web search through a SearXNG instance, the user's own or a public one (https://docs.searxng.org/dev/search_api)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from mm_orch.errors import SearchError
from mm_orch.providers.search_hits import asked, hits, plain
from mm_orch.providers.search_http import ELSEWHERE, ApiAnswer, ApiRequest, HttpApi
from mm_orch.providers.search_region import Region
from mm_orch.providers.search_status import asked_to_wait, entries, wait_s
from mm_orch.records.search import SearchAnswer, SearchQuery

_SET_URL = "Set search.searxng_url in config.yaml, or MUAI_SEARCH__SEARXNG_URL=http://127.0.0.1:8888"
_ALLOW_JSON = "Put json into search.formats of its settings.yml and restart it; few public ones allow it"
_SHOWN_ENGINES = 5
_REASON_LENGTH = 60


class SearxngSearch:
    """A ``SearchProvider`` that asks the instance at ``search.searxng_url``, which may be on this machine."""

    name = "searxng"

    def __init__(self, url: str | None, *, timeout_s: float = 10.0, region: str | None = None) -> None:
        """``timeout_s`` covers the whole search. ``region`` None follows the question."""
        self._url = url
        self._api = HttpApi(self.name, timeout_s)
        self._region = region

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """Raises ``RateLimited`` when the instance, or every engine behind it, asks to wait; ``SearchError`` when
        there is no such instance, it does not answer JSON, or its engines all failed.
        """
        text, warnings = asked(query, self.name)
        if not text:
            return SearchAnswer((), self.name)
        url, headers = _endpoint(self._url)
        language = Region.of(query, self._region).tag or "all"
        params = {"q": text, "format": "json", "language": language}
        data = _data(await self._api.ask(ApiRequest(url, params, headers)), _shown(url))
        found = hits(entries(data, ("results",), self.name), ("url", "title", "content"), query.limit, self.name)
        if not found:
            _check_engines(data)
        return SearchAnswer(found, self.name, warnings)


def _endpoint(configured: str | None) -> tuple[str, dict[str, str]]:
    """Where to ask, and the header of a name and password that the address holds."""
    if not configured or not configured.strip():
        raise SearchError("no SearXNG instance is configured", hint=_SET_URL)
    try:
        parts = urlsplit(configured.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise SearchError("search.searxng_url is no address that begins with http:// or https://", hint=_SET_URL)
    shown = f"[{host}]" if ":" in host else host
    path = parts.path.rstrip("/").removesuffix("/search") + "/search"
    url = urlunsplit((parts.scheme, shown if port is None else f"{shown}:{port}", path, "", ""))
    if parts.username is None:
        return url, {}
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return url, {"Authorization": f"Basic {b64encode(login).decode('ascii')}"}


def _data(answer: ApiAnswer, shown: str) -> Mapping[str, Any]:
    who = f"the SearXNG instance {shown!r}"
    status = answer.status
    if status == 429:
        raise asked_to_wait("searxng", wait_s(answer.headers))
    if status == 403:
        raise SearchError(f"{who} refuses to answer in JSON (403)", hint=_ALLOW_JSON)
    if status == 401:
        hint = "Write them into search.searxng_url: https://name:password@host"
        raise SearchError(f"{who} wants a name and a password (401)", hint=hint)
    if 300 <= status < 400:
        raise SearchError(
            f"{who} sends the reader elsewhere{_elsewhere(answer)}", hint="Set search.searxng_url to that"
        )
    if status >= 500:
        raise SearchError(f"{who} failed ({status})", hint="Look into its log, or try again later")
    if status != 200:
        raise SearchError(f"{who} answered {status}", hint="Check that search.searxng_url is its address")
    data = answer.json()
    if isinstance(data, Mapping) and "results" in data:
        return data
    if answer.is_html:
        hint = (
            f"Check that search.searxng_url is its address and that no log-in page stands before it. {_ALLOW_JSON}"
        )
        raise SearchError(f"{who} answered a web page instead of JSON", hint=hint)
    raise SearchError(f"{who} answered something that is no list of results", hint=ELSEWHERE)


def _check_engines(data: Mapping[str, Any]) -> None:
    """Raise when nothing was found because the engines behind the instance failed."""
    failed = [pair for pair in _list(data.get("unresponsive_engines")) if isinstance(pair, list) and len(pair) > 1]
    if not failed:
        return
    reasons = ", ".join(
        f"{plain(name, 30)}: {plain(why, _REASON_LENGTH)}" for name, why, *_ in failed[:_SHOWN_ENGINES]
    )
    if all(_is_limit(str(why)) for _, why, *_ in failed):
        raise asked_to_wait("searxng", None, f": its engines are blocked ({reasons})")
    raise SearchError(f"searxng found nothing, and engines of it failed ({reasons})", hint="Try again later")


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_limit(reason: str) -> bool:
    return any(word in reason.lower() for word in ("too many", "captcha", "suspended", "denied"))


def _elsewhere(answer: ApiAnswer) -> str:
    try:
        parts = urlsplit(answer.headers.get("location", ""))
        host = parts.hostname
    except ValueError:
        return ""
    path = parts.path.removesuffix("/search")
    return f", to {plain(f'{parts.scheme}://{host}{path}', 200)!r}" if host else ""


def _shown(url: str) -> str:
    return url.removesuffix("/search")
