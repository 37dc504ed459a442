"""The mock's own little web, in both languages: a search and a fetcher that open no connection.

Addresses, titles and texts are always the same for a query, and all labelled ``[mock]``.
"""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

from mm_orch.errors import FetchError
from mm_orch.records.page import Page
from mm_orch.records.search import Hit, SearchAnswer, SearchQuery

_ADDRESS = "mock://{language}/{number}?q={topic}"
_TITLES = {
    "en": ("An introduction to {topic}", "{topic} in practice", "Questions people ask about {topic}"),
    "zh": ("{topic}入门", "{topic}实践", "关于{topic}的常见问题"),
}
_SNIPPETS = {
    "en": "[mock] A built-in example page, not found on the web. It would introduce “{topic}”.",
    "zh": "[mock] 这是内置的示例网页，并非来自互联网，用来介绍“{topic}”。",
}
_TEXTS = {
    "en": (
        "[mock] This page is built in and was not fetched from the web.\n"
        "A real page would explain “{topic}” here: what it is, where the word comes from and what it is used for.\n"
        "It would then give two or three examples, and say where “{topic}” reaches its limits.\n"
        "To read real pages, add --real-models, or choose a search provider with --search."
    ),
    "zh": (
        "[mock] 这个网页是内置的，并非从互联网读取。\n"
        "真实的网页会在这里解释“{topic}”：它是什么、这个词从何而来、有什么用途。\n"
        "接着会给出两三个例子，并说明“{topic}”的局限。\n"
        "想读取真实网页，请加上 --real-models，或用 --search 选择搜索来源。"
    ),
}
_TOPIC_LENGTH = 60


class MockSearch:
    """A ``SearchProvider`` whose hits are ``mock://`` addresses that ``MockFetcher`` reads."""

    name = "mock"

    async def search(self, query: SearchQuery) -> SearchAnswer:
        """Up to three hits in the query's language, each labelled ``[mock]``; none for an empty query."""
        return SearchAnswer(hits(query.text, query.language, query.limit), self.name)


class MockFetcher:
    """A ``PageFetcher`` for the ``mock://`` addresses that ``MockSearch`` finds."""

    async def fetch(self, url: str) -> Page:
        """The page behind ``url``; ``FetchError`` for any other address."""
        found = page(url)
        if found is None:
            hint = "The mock reads only what the mock search found; to read the web, add --real-models"
            raise FetchError(f"the mock has no page {url!r}", hint=hint)
        return found


def hits(query: str, language: str, limit: int) -> tuple[Hit, ...]:
    """At most ``limit`` pages about ``query``, always the same; English for a language that is not ``"zh"``."""
    topic = " ".join(query.split())[:_TOPIC_LENGTH].rstrip("?？!！。. ")
    language = language if language in _TITLES else "en"
    titles = _TITLES[language][:limit] if topic else ()
    return tuple(
        Hit(
            url=_ADDRESS.format(language=language, number=number, topic=quote(topic, safe="")),
            title=f"[mock] {title.format(topic=topic)}",
            snippet=_SNIPPETS[language].format(topic=topic),
            provider=MockSearch.name,
        )
        for number, title in enumerate(titles, start=1)
    )


def page(url: str) -> Page | None:
    """The page behind an address that ``hits`` gave out, None for any other."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    titles = _TITLES.get(parts.netloc, ())
    topic = parse_qs(parts.query).get("q", [""])[0]
    number = parts.path.removeprefix("/")
    if parts.scheme != "mock" or not topic or number not in {str(at + 1) for at in range(len(titles))}:
        return None
    title = titles[int(number) - 1].format(topic=topic)
    return Page(url, f"[mock] {title}", _TEXTS[parts.netloc].format(topic=topic), "text/plain")
