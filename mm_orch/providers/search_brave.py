"""Web search through the Brave Search API (https://api-dashboard.search.brave.com/documentation)."""

from __future__ import annotations

from mm_orch.errors import SearchError
from mm_orch.providers.search_hits import asked, hits
from mm_orch.providers.search_http import ApiAnswer, ApiRequest, HttpApi
from mm_orch.providers.search_key import ApiKey
from mm_orch.providers.search_region import Region
from mm_orch.providers.search_status import entries, understood
from mm_orch.records.search import SearchAnswer, SearchQuery

_URL = "https://api.search.brave.com/res/v1/web/search"
_MOST_HITS = 20
_MOST_WORDS = 50
_COUNTRY_CODES = (
    "ar at au be br ca ch cl cn de dk es fi fr gb gr hk id in it jp kr mx my nl no nz ph pl pt ru sa se tr tw us za"
)
_COUNTRIES = frozenset(_COUNTRY_CODES.split())


class BraveSearch:
    """A ``SearchProvider`` that asks Brave's own index of the web."""

    name = "brave"

    def __init__(self, key: ApiKey, *, timeout_s: float = 10.0, region: str | None = None, url: str = _URL) -> None:
        """``timeout_s`` covers the whole search. ``region`` None follows the question."""
        self._key = key
        self._api = HttpApi(self.name, timeout_s)
        self._region = region
        self._url = url

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """Raises ``RateLimited`` and ``SearchError``, also where there is no key."""
        text, warnings = asked(query, self.name, _MOST_WORDS)
        if not text:
            return SearchAnswer((), self.name)
        params: dict[str, str | int] = {
            "q": text,
            "count": min(query.limit, _MOST_HITS),
            "text_decorations": "false",
        }
        headers = self._key.header("X-Subscription-Token")
        request = ApiRequest(self._url, {**params, **_place(Region.of(query, self._region))}, headers)
        answer = await self._api.ask(request)
        self._check_key(answer)
        found = entries(understood(answer, self._key), ("web", "results"), self.name)
        return SearchAnswer(
            hits(found, ("url", "title", "description"), query.limit, self.name), self.name, warnings
        )

    def _check_key(self, answer: ApiAnswer) -> None:
        """Brave refuses a wrong key as it refuses a wrong parameter, with 422."""
        if answer.status == 422 and b"SUBSCRIPTION_TOKEN_INVALID" in answer.body:
            hint = f"Set {self._key.variable} to a key that is valid; keys are at {self._key.page}"
            raise SearchError(f"{self.name} refused the key in {self._key.variable}", hint=hint)


def _place(region: Region) -> dict[str, str | int]:
    """The region in Brave's words; a country or language that it does not know is left to Brave."""
    country = {"uk": "gb"}.get(region.country, region.country)
    languages = {"en": "en", "zh": "zh-hant" if region.traditional else "zh-hans"}
    place: dict[str, str | int] = {}
    if country in _COUNTRIES:
        place["country"] = country.upper()
    if region.language in languages:
        place["search_lang"] = languages[region.language]
    return place
