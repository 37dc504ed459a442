"""ddgs' own engines, asked for the loopback in place of the web."""

from __future__ import annotations

from typing import Any

import pytest

from mm_orch.providers.search_ddgs import DdgsSearch
from mm_orch.providers.search_engine_report import EngineReport
from mm_orch.providers.search_engines import WatchedEngines
from mm_orch.records.search import SearchQuery
from tests.fixtures.search_site import CERTIFICATE, SearchSite

_ENGINES = "duckduckgo,mojeek"


class LocalEngines(WatchedEngines):
    """The real engines, with other addresses."""

    def __init__(self, report: EngineReport, site: SearchSite) -> None:
        super().__init__(report)
        self._site = site

    def _get_engines(self, category: str, backend: str) -> list[Any]:
        engines = super()._get_engines(category, backend)
        for engine in engines:
            engine.search_url = f"{self._site.url}/engine/{engine.name}"
        return engines


def test_every_engine_that_ddgs_has_is_watched() -> None:
    watched = WatchedEngines(EngineReport())._get_engines("text", "auto")
    assert {"duckduckgo", "wikipedia"} <= {engine.name for engine in watched}
    assert {type(engine.http_client).__name__ for engine in watched} == {"_Watched"}


def test_an_engine_that_refuses_is_noted(search_site: SearchSite) -> None:
    report = EngineReport()
    search_site.mode, search_site.wait = "limited", "40"
    with pytest.raises(Exception, match="No results found"):
        LocalEngines(report, search_site).text("tea", backend=_ENGINES, max_results=5)
    assert report.statuses == {"duckduckgo": 429, "mojeek": 429}
    assert (report.nobody_searched, report.wait_s) == (True, 40.0)


def test_an_engine_that_answers_is_noted_and_its_answer_kept(search_site: SearchSite) -> None:
    report = EngineReport()
    found = LocalEngines(report, search_site).text("tea", backend=_ENGINES, max_results=5)
    assert [entry["href"] for entry in found] == ["https://tea.example/mojeek"]
    assert report.statuses == {"duckduckgo": 200, "mojeek": 200}
    assert not report.nobody_searched


def test_the_proxy_and_the_certificates_of_the_environment_are_used(
    search_site: SearchSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", search_site.url)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    report = EngineReport()
    with pytest.raises(Exception, match="No results found"):
        WatchedEngines(report).text("tea", backend="duckduckgo", max_results=5)
    assert search_site.tunnels == ["html.duckduckgo.com:443"]
    assert report.statuses == {"duckduckgo": 404}


async def test_the_provider_finds_what_the_engines_found(search_site: SearchSite) -> None:
    def search(query: SearchQuery, region: str, report: EngineReport) -> list[dict[str, Any]]:
        engines = LocalEngines(report, search_site)
        return engines.text(query.text, region=region, backend=_ENGINES, max_results=query.limit)  # type: ignore[no-any-return]

    answer = await DdgsSearch(text_search=search).search(SearchQuery("tea"))
    assert [(hit.url, hit.title, hit.snippet) for hit in answer.hits] == [
        ("https://tea.example/mojeek", "Tea of Mojeek", "All of it.")
    ]


@pytest.mark.parametrize(
    ("statuses", "nobody"),
    [
        ({}, False),
        ({"wikipedia": 200, "duckduckgo": 202}, True),
        ({"wikipedia": 429, "mojeek": 200}, False),
        ({"duckduckgo": 500}, False),
        ({"duckduckgo": 500, "mojeek": 403}, True),
    ],
)
def test_nobody_searched_when_engines_refused_and_none_answered(statuses: dict[str, int], nobody: bool) -> None:
    report = EngineReport()
    for engine, status in statuses.items():
        report.note(engine, status, {})
    assert report.nobody_searched is nobody
