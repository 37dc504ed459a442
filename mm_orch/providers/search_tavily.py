"""Web search through the Tavily API (https://docs.tavily.com/documentation/api-reference/endpoint/search)."""

from __future__ import annotations

from typing import Any

from mm_orch.errors import SearchError
from mm_orch.providers.search_hits import asked, hits
from mm_orch.providers.search_http import ApiAnswer, ApiRequest, HttpApi
from mm_orch.providers.search_key import ApiKey
from mm_orch.providers.search_region import Region
from mm_orch.providers.search_status import entries, understood
from mm_orch.records.search import SearchAnswer, SearchQuery

_URL = "https://api.tavily.com/search"
_MOST_HITS = 20
_USED_UP = (432, 433)  # the plan's limit, and the limit of paying as one goes
_COUNTRIES = {"cn": "china", "tw": "taiwan", "us": "united states", "uk": "united kingdom", "gb": "united kingdom"}


class TavilySearch:
    """A ``SearchProvider`` whose texts are longer than other engines'."""

    name = "tavily"

    def __init__(self, key: ApiKey, *, timeout_s: float = 10.0, region: str | None = None, url: str = _URL) -> None:
        """``timeout_s`` covers the whole search. ``region`` None follows the question."""
        self._key = key
        self._api = HttpApi(self.name, timeout_s)
        self._region = region
        self._url = url

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """Raises ``RateLimited`` and ``SearchError``, also where there is no key."""
        text, warnings = asked(query, self.name)
        if not text:
            return SearchAnswer((), self.name)
        body: dict[str, Any] = {"query": text, "max_results": min(query.limit, _MOST_HITS), "search_depth": "basic"}
        country = _COUNTRIES.get(Region.of(query, self._region).country)
        if country:
            body["country"] = country
        answer = await self._api.ask(
            ApiRequest(self._url, headers=self._key.header("Authorization", "Bearer"), body=body)
        )
        self._check_plan(answer)
        found = entries(understood(answer, self._key), ("results",), self.name)
        return SearchAnswer(hits(found, ("url", "title", "content"), query.limit, self.name), self.name, warnings)

    def _check_plan(self, answer: ApiAnswer) -> None:
        if answer.status in _USED_UP:
            hint = f"Raise the limit at {self._key.page}, or name another provider with --search"
            raise SearchError(f"what the key in {self._key.variable} may ask of {self.name} is used up", hint=hint)
