"""Web search through the Bocha API (博查, https://open.bocha.cn), whose answers have the shape of Bing's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mm_orch.providers.search_hits import asked, hits, plain
from mm_orch.providers.search_http import ApiRequest, HttpApi
from mm_orch.providers.search_key import ApiKey
from mm_orch.providers.search_status import entries, refuse, understood
from mm_orch.records.search import SearchAnswer, SearchQuery

_URL = "https://api.bocha.cn/v1/web-search"
_MOST_HITS = 50
_REASON_LENGTH = 200


class BochaSearch:
    """A ``SearchProvider`` for the Chinese web. It takes no region."""

    name = "bocha"

    def __init__(self, key: ApiKey, *, timeout_s: float = 10.0, url: str = _URL) -> None:
        """``timeout_s`` covers the whole search."""
        self._key = key
        self._api = HttpApi(self.name, timeout_s)
        self._url = url

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """Raises ``RateLimited`` and ``SearchError``, also where there is no key."""
        text, warnings = asked(query, self.name)
        if not text:
            return SearchAnswer((), self.name)
        body = {"query": text, "count": min(query.limit, _MOST_HITS), "freshness": "noLimit", "summary": True}
        headers = self._key.header("Authorization", "Bearer")
        data = understood(await self._api.ask(ApiRequest(self._url, headers=headers, body=body)), self._key)
        self._check_code(data)
        found = map(_with_text, entries(data, ("data", "webPages", "value"), self.name))
        return SearchAnswer(hits(found, ("url", "name", "text"), query.limit, self.name), self.name, warnings)

    def _check_code(self, data: Mapping[str, Any]) -> None:
        """An error may come with the HTTP status of a success and its own status in the body."""
        code = str(data.get("code", 200))
        reason = plain(data.get("msg") or data.get("message"), _REASON_LENGTH)
        refuse(self._key, int(code) if code.isdecimal() else 500, self._key.hidden_in(reason), None)


def _with_text(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The summary where there is one: it says more than the snippet."""
    return {**entry, "text": entry.get("summary") or entry.get("snippet")}
