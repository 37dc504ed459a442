"""What every provider with an HTTP API does with what it is answered, good or bad."""

from __future__ import annotations

import asyncio
import time

import pytest

from mm_orch.errors import RateLimited, SearchError
from mm_orch.records.search import Hit, SearchQuery
from tests.fixtures.search_site import CERTIFICATE, KEY, SearchSite
from tests.providers.searching import ALL, KEYED, Make

_QUERY = SearchQuery("green tea")


@pytest.fixture(params=sorted(ALL))
def make(request: pytest.FixtureRequest) -> Make:
    return ALL[request.param]


@pytest.fixture(params=sorted(KEYED))
def make_keyed(request: pytest.FixtureRequest) -> Make:
    return KEYED[request.param]


async def test_hits_are_pages_of_the_web_in_plain_text_each_once(make: Make, search_site: SearchSite) -> None:
    provider = make(search_site)
    answer = await provider.search(_QUERY)
    assert answer.hits == (
        Hit("https://tea.example/green?utm_source=x#top", "Green tea", "Not fermented & mild.", provider.name),
        Hit("https://tea.example/black", "紅茶", "全發酵 的茶。", provider.name),
        Hit("https://tea.example/oolong", "Oolong", "Half fermented.", provider.name),
    )
    assert (answer.provider, answer.warnings, answer.cached) == (provider.name, (), False)


async def test_no_more_hits_than_asked_for(make: Make, search_site: SearchSite) -> None:
    assert len((await make(search_site).search(SearchQuery("tea", limit=1))).hits) == 1


async def test_the_most_hits_that_can_be_asked_for_are_within_what_the_api_takes(
    make: Make, search_site: SearchSite
) -> None:
    assert (await make(search_site).search(SearchQuery("tea", limit=50))).hits


async def test_finding_nothing_is_no_error(make: Make, search_site: SearchSite) -> None:
    search_site.mode = "empty"
    answer = await make(search_site).search(_QUERY)
    assert (answer.hits, answer.warnings) == ((), ())


async def test_an_empty_query_asks_nobody(make: Make, search_site: SearchSite) -> None:
    assert (await make(search_site, value="").search(SearchQuery(" \n\u200b"))).hits == ()
    assert search_site.requests == []


async def test_a_long_query_is_cut_to_what_the_api_takes_and_that_is_said(
    make: Make, search_site: SearchSite
) -> None:
    answer = await make(search_site).search(SearchQuery("tea or coffee " * 100))
    assert answer.hits
    assert "characters were searched for" in answer.warnings[0]


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("malformed", "answered something that is no"),
        ("nested", "answered something that is no"),
        ("list", "answered something that is no"),
        ("shape", "not the documented one"),
        ("html", "answered a web page instead of"),
        ("broken", r"failed \(500\)"),
        ("huge", "sent more than 4,000,000 bytes"),
        ("bomb", "sent more than 4,000,000 bytes"),
        ("cut", "cannot be reached: it broke off its answer"),
    ],
)
async def test_a_bad_answer_is_an_error_that_says_what_it_was(
    make: Make, search_site: SearchSite, mode: str, message: str
) -> None:
    search_site.mode = mode
    with pytest.raises(SearchError, match=message) as caught:
        await make(search_site).search(_QUERY)
    assert not isinstance(caught.value, RateLimited)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


async def test_entries_of_another_kind_are_passed_over(make: Make, search_site: SearchSite) -> None:
    search_site.mode = "odd"
    assert (await make(search_site).search(_QUERY)).hits == ()


@pytest.mark.parametrize("mode", ["silent", "drip"])
async def test_a_provider_that_does_not_come_to_an_end_is_given_up_in_time(
    make: Make, search_site: SearchSite, mode: str
) -> None:
    search_site.mode = mode
    began = time.monotonic()
    with pytest.raises(SearchError, match=r"took longer than 0\.3 s.*--search"):
        await make(search_site, timeout_s=0.3).search(_QUERY)
    assert time.monotonic() - began < 2


async def test_a_search_can_be_cancelled(make: Make, search_site: SearchSite) -> None:
    search_site.mode = "silent"
    task = asyncio.create_task(make(search_site).search(_QUERY))
    await asyncio.to_thread(search_site.asked.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    ("wait", "seconds", "words"),
    [
        ("37", 37.0, "asks to wait 37 s"),
        ("0.5", 0.5, "asks to wait 1 s"),
        (None, None, "asks to wait"),
        ("soon", None, "asks to wait"),
    ],
)
async def test_a_rate_limit_says_how_long_to_wait(
    make: Make, search_site: SearchSite, wait: str | None, seconds: float | None, words: str
) -> None:
    search_site.mode, search_site.wait = "limited", wait
    with pytest.raises(RateLimited, match=words) as caught:
        await make(search_site).search(_QUERY)
    assert caught.value.wait_s == seconds


async def test_a_rate_limit_may_name_a_date(make: Make, search_site: SearchSite) -> None:
    search_site.mode, search_site.wait = "limited", "Fri, 31 Dec 2100 23:59:59 GMT"
    with pytest.raises(RateLimited) as caught:
        await make(search_site).search(_QUERY)
    assert caught.value.wait_s is not None
    assert caught.value.wait_s > 86_400


@pytest.mark.loopback
async def test_a_provider_that_cannot_be_reached_says_so(make: Make) -> None:
    with SearchSite() as gone:
        provider = make(gone)
    with pytest.raises(SearchError, match=r"cannot be reached.*network") as caught:
        await provider.search(_QUERY)
    assert KEY not in str(caught.value)


async def test_no_redirect_is_followed_with_the_key(make_keyed: Make, search_site: SearchSite) -> None:
    search_site.mode = "moved"
    with pytest.raises(SearchError, match=r"refused the search \(301\)"):
        await make_keyed(search_site).search(_QUERY)
    assert len(search_site.requests) == 1


async def test_a_missing_key_names_its_variable_and_asks_nobody(make_keyed: Make, search_site: SearchSite) -> None:
    with pytest.raises(SearchError, match=r"_API_KEY is not set\. Get a key at https://.*/keys"):
        await make_keyed(search_site, value="").search(_QUERY)
    assert search_site.requests == []


async def test_a_refused_key_names_its_variable(make_keyed: Make, search_site: SearchSite) -> None:
    provider = make_keyed(search_site, value="wrong-key-987654")
    with pytest.raises(
        SearchError, match=f"{provider.name} refused the key in {provider.name.upper()}_API_KEY"
    ) as caught:
        await provider.search(_QUERY)
    assert "wrong-key-987654" not in f"{caught.value!r} {caught.value.__cause__!r} {provider!r}"


@pytest.mark.parametrize("mode", ["unauthorized", "forbidden"])
async def test_a_refusal_by_status_names_the_variable_of_the_key(
    make_keyed: Make, search_site: SearchSite, mode: str
) -> None:
    search_site.mode = mode
    with pytest.raises(SearchError, match=r"refused the key in .*_API_KEY"):
        await make_keyed(search_site).search(_QUERY)


async def test_a_key_that_the_provider_repeats_is_not_shown(make_keyed: Make, search_site: SearchSite) -> None:
    search_site.mode = "echo"
    with pytest.raises(SearchError, match=r"the key .*… may not do this") as caught:
        await make_keyed(search_site).search(_QUERY)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("value", ["two words-1234", "schlüssel-1234", "line\nbreak-1234"])
async def test_a_key_that_cannot_be_one_is_refused_unseen(
    make_keyed: Make, search_site: SearchSite, value: str
) -> None:
    with pytest.raises(SearchError, match="holds characters that no key") as caught:
        await make_keyed(search_site, value=value).search(_QUERY)
    assert value not in str(caught.value)
    assert search_site.requests == []


async def test_the_key_is_in_no_address(make_keyed: Make, search_site: SearchSite) -> None:
    await make_keyed(search_site).search(_QUERY)
    (path, headers, body) = search_site.requests[0]
    assert KEY not in path + str(body)
    assert KEY in " ".join(headers.values())


async def test_the_real_addresses_are_asked_over_tls_through_the_proxy_of_the_environment(
    search_site: SearchSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mm_orch import parts, settings

    monkeypatch.setenv("HTTPS_PROXY", search_site.url)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    for name in KEYED:
        monkeypatch.setenv(f"{name.upper()}_API_KEY", KEY)
        search, _ = parts.make_providers(settings.load(overrides={"search.spacing_s": 0}), [name])
        assert len((await search.search(SearchQuery("tea over tls"))).hits) == 3
    assert search_site.tunnels == ["api.bocha.cn:443", "api.search.brave.com:443", "api.tavily.com:443"]


async def test_a_certificate_that_is_not_trusted_ends_the_search(
    search_site: SearchSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mm_orch import parts, settings

    monkeypatch.setenv("HTTPS_PROXY", search_site.url)
    monkeypatch.setenv("TAVILY_API_KEY", KEY)
    search, _ = parts.make_providers(settings.load(overrides={"search.spacing_s": 0}), ["tavily"])
    with pytest.raises(SearchError, match=r"tavily cannot be reached: .*certificate"):
        await search.search(SearchQuery("tea untrusted"))
    assert search_site.requests == []
