"""A SearXNG instance: its address, its languages, and what is wrong with it when it does not answer JSON."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import pytest

from mm_orch.errors import RateLimited, SearchError
from mm_orch.providers.search_searxng import SearxngSearch
from mm_orch.records.search import SearchQuery
from tests.fixtures.search_site import SearchSite
from tests.providers.searching import searxng

_QUERY = SearchQuery("green tea")


def _asked(site: SearchSite) -> dict[str, list[str]]:
    return parse_qs(urlsplit(site.requests[-1][0]).query)


@pytest.mark.parametrize(
    ("text", "language", "region", "sent"),
    [
        ("green tea", "en", None, "en"),
        ("绿茶", "zh", None, "zh-CN"),
        ("綠茶", "zh", None, "zh-TW"),
        ("綠茶", "zh", "hk-tzh", "zh-HK"),
        ("green tea", "en", "wt-wt", "all"),
    ],
)
async def test_the_question_is_asked_in_its_language(
    search_site: SearchSite, text: str, language: str, region: str | None, sent: str
) -> None:
    await searxng(search_site, region=region).search(SearchQuery(text, language=language))
    assert _asked(search_site) == {"q": [text], "format": ["json"], "language": [sent]}


@pytest.mark.parametrize("tail", ["", "/", "/search", "/search/", "?q=x", "#top"])
async def test_the_address_may_be_written_in_any_way(search_site: SearchSite, tail: str) -> None:
    assert (await SearxngSearch(f" {search_site.url}{tail} ").search(_QUERY)).hits


@pytest.mark.parametrize("url", [None, "", "  "])
async def test_without_an_address_the_setting_is_named(url: str | None) -> None:
    with pytest.raises(SearchError, match=r"no SearXNG instance is configured\. Set search\.searxng_url"):
        await SearxngSearch(url).search(_QUERY)


@pytest.mark.parametrize("url", ["searx.example.org", "ftp://a.example", "http://", "http://[::1", "http://a:port"])
async def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SearchError, match=r"searxng_url is no address"):
        await SearxngSearch(url).search(_QUERY)


async def test_a_name_and_a_password_in_the_address_are_sent_and_not_shown(search_site: SearchSite) -> None:
    url = search_site.url.replace("http://", "http://me:s%40cret-77@")
    await SearxngSearch(url).search(_QUERY)
    assert search_site.requests[0][1]["authorization"] == f"Basic {b64encode(b'me:s@cret-77').decode()}"
    search_site.mode = "forbidden"
    with pytest.raises(SearchError) as caught:
        await SearxngSearch(url).search(_QUERY)
    assert "cret-77" not in f"{caught.value!r}"


async def test_the_refusal_of_json_names_the_line_to_add(search_site: SearchSite) -> None:
    search_site.mode = "forbidden"
    with pytest.raises(
        SearchError, match=r"refuses to answer in JSON \(403\)\. Put json into search\.formats"
    ) as caught:
        await searxng(search_site).search(_QUERY)
    assert search_site.url in str(caught.value)


async def test_a_web_page_names_what_to_check(search_site: SearchSite) -> None:
    search_site.mode = "html"
    with pytest.raises(
        SearchError, match=r"answered a web page instead of JSON\. Check .*searxng_url.*log-in page"
    ):
        await searxng(search_site).search(_QUERY)


async def test_a_redirect_names_where_it_leads_without_the_query(search_site: SearchSite) -> None:
    search_site.mode = "moved"
    with pytest.raises(
        SearchError, match=r"sends the reader elsewhere, to 'https://searx\.example\.org'"
    ) as caught:
        await searxng(search_site).search(_QUERY)
    assert "secret" not in str(caught.value)


async def test_an_instance_behind_a_log_in_says_how_to_give_one(search_site: SearchSite) -> None:
    search_site.mode = "unauthorized"
    with pytest.raises(SearchError, match="wants a name and a password"):
        await searxng(search_site).search(_QUERY)


async def test_another_address_on_the_host_is_told(search_site: SearchSite) -> None:
    with pytest.raises(SearchError, match=r"answered 404.*searxng_url"):
        await SearxngSearch(f"{search_site.url}/somewhere").search(_QUERY)


async def test_engines_that_are_all_blocked_are_a_rate_limit_and_not_an_empty_answer(
    search_site: SearchSite,
) -> None:
    search_site.mode = "blocked"
    with pytest.raises(
        RateLimited, match=r"its engines are blocked \(brave: Suspended: too many requests, duckduckgo"
    ):
        await searxng(search_site).search(_QUERY)


async def test_engines_that_failed_are_named_when_nothing_was_found(search_site: SearchSite) -> None:
    search_site.mode = "failing"
    with pytest.raises(SearchError, match=r"found nothing, and engines of it failed \(brave: timeout") as caught:
        await searxng(search_site).search(_QUERY)
    assert not isinstance(caught.value, RateLimited)


async def test_an_instance_on_this_machine_is_asked_without_the_proxy(
    search_site: SearchSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert (await searxng(search_site).search(_QUERY)).hits


async def test_an_instance_elsewhere_is_asked_through_the_proxy(
    search_site: SearchSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", search_site.url)
    assert (await SearxngSearch("http://searx.test").search(_QUERY)).hits
    assert search_site.requests[0][1]["host"] == "searx.test"
