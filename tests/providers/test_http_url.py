"""The form of addresses."""

from __future__ import annotations

import httpx2
import pytest

from mm_orch.errors import FetchError, ForbiddenAddress
from mm_orch.providers.http_url import origin, parsed, redirected


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (" HTTP://Example.COM/a#part ", "http://example.com/a"),
        ("https://例子.测试/茶?q=水", "https://xn--fsqu00a.xn--0zwm56d/%E8%8C%B6?q=%E6%B0%B4"),
        ("http://a.test:80/", "http://a.test/"),
        ("http://a.test", "http://a.test"),
    ],
)
def test_an_address_is_brought_into_one_form(text: str, url: str) -> None:
    assert str(parsed(text)) == str(parsed(str(parsed(text))))
    assert str(parsed(text)) in (url, f"{url}/")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.test/x", "http://a.test:80"),
        ("https://a.test/x", "https://a.test:443"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("https://例子.测试/", "https://xn--fsqu00a.xn--0zwm56d:443"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, expected: str) -> None:
    assert origin(httpx2.URL(url)) == expected


def _moved(location: str) -> str:
    response = httpx2.Response(302, headers={"Location": location} if location else {})
    return str(redirected(httpx2.URL("http://a.test/b/c"), response))


@pytest.mark.parametrize(
    ("location", "url"),
    [("d", "http://a.test/b/d"), ("//b.test/", "http://b.test/"), ("https://b.test/x#y", "https://b.test/x")],
)
def test_a_redirect_is_read_from_where_it_was_given(location: str, url: str) -> None:
    assert _moved(location) == url


@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://a/", "http://u:p@b.test/", "http://[::1"])
def test_a_redirect_to_what_is_no_web_address_is_forbidden(location: str) -> None:
    with pytest.raises(ForbiddenAddress):
        _moved(location)


def test_a_redirect_to_nowhere_is_an_error() -> None:
    with pytest.raises(FetchError, match="redirects to nowhere"):
        _moved("")
