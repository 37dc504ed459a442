"""Web search through ddgs, with a stand-in for ddgs itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from ddgs.exceptions import DDGSException, RatelimitException, TimeoutException

from mm_orch.errors import RateLimited, SearchError
from mm_orch.providers.search_ddgs import DdgsSearch
from mm_orch.providers.search_engine_report import EngineReport
from mm_orch.records.search import Hit, SearchQuery

_FOUND: list[dict[str, Any]] = [
    {"href": "https://a.example/", "title": " A  page ", "body": "about\ntea"},
    {"href": "https://a.example/", "title": "the same", "body": ""},
    {"href": "javascript:alert(1)", "title": "no page", "body": ""},
    {"href": "http://b.example/", "title": "", "body": None},
    {"href": "http://c.example/", "title": "C", "body": "c"},
]


class Engines:
    """Answers ``found``, or raises it; remembers what was asked for and when."""

    def __init__(self, found: list[dict[str, Any]] | Exception) -> None:
        self.asked: list[tuple[str, str]] = []
        self.times: list[float] = []
        self._found = found

    def __call__(self, query: SearchQuery, region: str, report: EngineReport) -> Iterable[Mapping[str, Any]]:
        self.asked.append((query.text, region))
        self.times.append(time.monotonic())
        if isinstance(self._found, Exception):
            raise self._found
        return self._found


async def test_hits_are_web_addresses_each_once_and_at_most_as_many_as_asked() -> None:
    search = DdgsSearch(text_search=Engines(_FOUND))
    answer = await search.search(SearchQuery("tea", limit=2))
    assert answer.hits == (
        Hit("https://a.example/", "A page", "about tea", "ddgs"),
        Hit("http://b.example/", "http://b.example/", "", "ddgs"),
    )
    assert (answer.provider, answer.warnings) == ("ddgs", ())


@pytest.mark.parametrize(
    ("text", "language", "configured", "region"),
    [
        ("绿茶", "zh", None, "cn-zh"),
        ("綠茶", "zh", None, "tw-tzh"),
        ("tea", "en", None, "us-en"),
        ("綠茶", "zh", "hk-tzh", "hk-tzh"),
    ],
)
async def test_the_region_follows_the_question_unless_it_is_configured(
    text: str, language: str, configured: str | None, region: str
) -> None:
    engines = Engines([])
    await DdgsSearch(region=configured, text_search=engines).search(SearchQuery(text, language=language))
    assert engines.asked == [(text, region)]


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (RatelimitException("slow down"), RateLimited, "ask to wait.*Wait a minute"),
        (DDGSException("429 Too Many Requests"), RateLimited, "ask to wait"),
        (TimeoutException("x"), SearchError, "took too long over 'tea'"),
        (DDGSException("error resolving DNS"), SearchError, "no search engine can be reached.*network"),
        (DDGSException("bad certificate, its DNS names are …"), SearchError, "failed: bad certificate"),
        (DDGSException("the engine changed its page"), SearchError, "failed: the engine changed its page"),
        (RuntimeError(), SearchError, "failed: RuntimeError"),
    ],
)
async def test_a_failure_says_what_it_means_and_what_to_do(
    error: Exception, kind: type[SearchError], message: str
) -> None:
    with pytest.raises(SearchError, match=message) as caught:
        await DdgsSearch(text_search=Engines(error)).search(SearchQuery("tea"))
    assert type(caught.value) is kind
    assert caught.value.hint


async def test_finding_nothing_is_no_error() -> None:
    search = DdgsSearch(text_search=Engines(DDGSException("No results found.")))
    assert (await search.search(SearchQuery("tea"))).hits == ()


async def test_an_empty_query_asks_nobody() -> None:
    engines = Engines(_FOUND)
    assert (await DdgsSearch(text_search=engines).search(SearchQuery(" \n"))).hits == ()
    assert engines.asked == []


async def test_a_long_query_is_cut_and_says_so() -> None:
    engines = Engines(_FOUND)
    answer = await DdgsSearch(text_search=engines).search(SearchQuery("tea " * 1000))
    assert len(engines.asked[0][0]) == 400
    assert "first 400 characters" in answer.warnings[0]


async def test_engines_that_never_answer_are_given_up_in_time() -> None:
    released = threading.Event()

    def hang(query: SearchQuery, region: str, report: EngineReport) -> list[dict[str, Any]]:
        released.wait(20)
        return []

    began = time.monotonic()
    with pytest.raises(SearchError, match=r"took longer than 0\.2 s"):
        await DdgsSearch(timeout_s=0.2, text_search=hang).search(SearchQuery("tea"))
    assert time.monotonic() - began < 2
    released.set()


class Refusing(Engines):
    """Engines that answered with ``statuses``, and ddgs' word for it."""

    def __init__(self, statuses: Mapping[str, int], headers: Mapping[str, str]) -> None:
        super().__init__(DDGSException("No results found."))
        self._statuses = statuses
        self._headers = headers

    def __call__(self, query: SearchQuery, region: str, report: EngineReport) -> Iterable[Mapping[str, Any]]:
        for engine, status in self._statuses.items():
            report.note(engine, status, self._headers)
        return super().__call__(query, region, report)


async def test_refusals_are_told_from_finding_nothing() -> None:
    engines = Refusing({"duckduckgo": 202, "mojeek": 403, "wikipedia": 200}, {"Retry-After": "90"})
    with pytest.raises(RateLimited, match=r"ddgs asks to wait 90 s: .*\(duckduckgo 202, mojeek 403\)") as caught:
        await DdgsSearch(text_search=engines).search(SearchQuery("tea"))
    assert caught.value.wait_s == 90.0


async def test_where_an_engine_searched_and_knew_nothing_the_refusals_are_a_warning() -> None:
    engines = Refusing({"duckduckgo": 202, "mojeek": 200}, {})
    answer = await DdgsSearch(text_search=engines).search(SearchQuery("tea"))
    assert (answer.hits, answer.warnings) == ((), ("ddgs: engines that refused to answer: duckduckgo 202",))


async def test_engines_that_fail_otherwise_are_no_rate_limit() -> None:
    answer = await DdgsSearch(text_search=Refusing({"mojeek": 500}, {})).search(SearchQuery("tea"))
    assert (answer.hits, answer.warnings) == ((), ())
