"""Which pages one run may read: those that its search found and its user typed, and no others.

Links in pages, and whatever a model writes, are never read in any workflow, a user's own ones too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

from mm_orch.errors import FetchError
from mm_orch.language.addresses import web_addresses
from mm_orch.nodes.base import Deps
from mm_orch.protocols import PageFetcher, SearchProvider
from mm_orch.records.message import Message
from mm_orch.records.page import Page
from mm_orch.records.search import SearchAnswer, SearchQuery
from mm_orch.records.typed_url import TypedUrl


@runtime_checkable
class Warmable(Protocol):
    """What can get ready while something else still takes its time."""

    def warm(self) -> None:
        """Get ready in the background; returns at once."""
        ...


def with_url_policy(deps: Deps, inputs: Mapping[str, Any]) -> Deps:
    """``deps`` for one run that was given ``inputs``."""
    if deps.fetch is None:
        return deps
    fetch = AllowedFetch(deps.fetch, _typed(inputs.values()))
    search = None if deps.search is None else NotedSearch(deps.search, fetch)
    return replace(deps, search=search, fetch=fetch)


class AllowedFetch:
    """A ``PageFetcher`` that reads only what was ``found`` or ``typed``, the latter marked as such."""

    def __init__(self, fetch: PageFetcher, typed: Iterable[str] = ()) -> None:
        self._fetch = fetch
        self._typed = frozenset(map(_plain, typed))
        self._found: set[str] = set()

    def found(self, urls: Iterable[str]) -> None:
        """Allow more addresses."""
        self._found.update(map(_plain, urls))

    async def fetch(self, url: str) -> Page:
        """The page; ``FetchError`` for an address that is not allowed."""
        plain = _plain(url)
        if plain in self._typed:
            return await self._fetch.fetch(TypedUrl(url))
        if plain not in self._found:
            raise FetchError("address_not_given", url=url)
        return await self._fetch.fetch(url)

    def warm(self) -> None:
        """Let the fetcher get ready, if it can."""
        if isinstance(self._fetch, Warmable):
            self._fetch.warm()


class NotedSearch:
    """A ``SearchProvider`` whose hits may be read; the fetcher gets ready while it searches."""

    def __init__(self, search: SearchProvider, fetch: AllowedFetch) -> None:
        self._search, self._fetch = search, fetch

    @property
    def name(self) -> str:
        """The other provider's."""
        return self._search.name

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """As the other provider's."""
        self._fetch.warm()
        answer = await self._search.search(query)
        self._fetch.found(hit.url for hit in answer.hits)
        return answer


def _typed(values: Iterable[Any]) -> Iterator[str]:
    """Addresses in texts, and in what a person said earlier in the conversation."""
    for value in values:
        if isinstance(value, str):
            yield from web_addresses(value)
        elif isinstance(value, list | tuple):
            said = (turn.content for turn in value if isinstance(turn, Message) and turn.role == "user")
            yield from _typed(said)


def _plain(url: str) -> str:
    return url.strip().partition("#")[0]
