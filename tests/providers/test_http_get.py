"""One GET to a checked address."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import httpx2
import pytest

from mm_orch.errors import FetchError, ForbiddenAddress
from mm_orch.providers.address_policy import AddressPolicy
from mm_orch.providers.http_get import HttpGet, proxy_for
from tests.fixtures.site import CERTIFICATE, PAGES, Site


class Names:
    """A resolver that knows ``answers``, in turn, for whatever it is asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self._answers.pop(0)


async def _text(get: HttpGet, url: str) -> str:
    async with get.open(httpx2.URL(url)) as response:
        return (await response.aread()).decode()


async def test_a_name_is_looked_up_once_and_its_checked_address_is_what_is_connected_to(site: Site) -> None:
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    get = HttpGet(AddressPolicy(["site.test"]), names)
    assert await _text(get, site.url("/en/gguf", "site.test")) == PAGES["/en/gguf"].html
    assert names.asked == ["site.test"]
    (_, headers), *_ = site.requests
    assert headers["Host"] == f"site.test:{site.port}"


async def test_nothing_is_connected_to_when_one_address_is_private() -> None:
    get = HttpGet(AddressPolicy(), Names(["93.184.216.34", "127.0.0.1"]))
    with pytest.raises(ForbiddenAddress, match=r"127\.0\.0\.1"):
        await _text(get, "http://rebind.test/")


async def test_the_next_address_is_tried_when_one_refuses(site: Site) -> None:
    get = HttpGet(AddressPolicy(["site.test"]), Names(["::1", "127.0.0.1"]))
    assert "Plain words" in await _text(get, site.url("/text", "site.test"))


async def test_a_closed_port_is_an_error_with_its_address(loopback: None) -> None:
    with Site() as gone:
        url = gone.url("/")
    get = HttpGet(AddressPolicy(["127.0.0.1"]))
    with pytest.raises(FetchError, match=f"{url}' could not be read"):
        await _text(get, url)


async def test_a_name_that_does_not_exist_is_an_error() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    with pytest.raises(FetchError, match=r"host 'no\.test' cannot be found"):
        await _text(HttpGet(AddressPolicy(), unknown), "http://no.test/")


async def test_a_name_without_addresses_is_an_error() -> None:
    with pytest.raises(FetchError, match="no address"):
        await _text(HttpGet(AddressPolicy(), Names([])), "http://no.test/")


async def test_a_certificate_is_checked_against_the_name_and_not_the_address(
    loopback: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with Site(tls=True) as site:
        get = HttpGet(AddressPolicy(["site.test", "other.test"]), Names(["127.0.0.1"], ["127.0.0.1"]))
        assert "Plain words" in await _text(get, site.url("/text", "site.test"))
        with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
            await _text(get, site.url("/text", "other.test"))


async def test_a_certificate_nobody_vouches_for_is_refused(loopback: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with Site(tls=True) as site:
        get = HttpGet(AddressPolicy(["site.test"]), Names(["127.0.0.1"]))
        with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
            await _text(get, site.url("/text", "site.test"))


async def test_a_proxy_is_asked_and_looks_names_up_itself(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{site.host}")
    names = Names()
    assert "Plain words" in await _text(HttpGet(AddressPolicy(), names), "http://example.com/text")
    assert names.asked == []
    assert site.requests[0][0] == "http://example.com/text"


async def test_that_a_proxy_looks_names_up_is_said_once_and_without_its_password(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://me:secret@{site.host}")
    heard: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = heard.append  # type: ignore[method-assign]
    logger = logging.getLogger("mm_orch.providers.http_get")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        get = HttpGet(AddressPolicy())
        for host in ("a.test", "b.test"):
            await _text(get, f"http://{host}/text")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    (said,) = (record.getMessage() for record in heard)
    assert f"through the proxy {site.host}: it looks names up (a.test …)" in said
    assert "secret" not in said


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:10.0.0.1]", "2130706433", "localhost"])
async def test_behind_a_proxy_literal_addresses_are_still_checked(
    host: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{site.host}")
    with pytest.raises(ForbiddenAddress):
        await _text(HttpGet(AddressPolicy()), f"http://{host}/text")
    assert site.requests == []


async def test_a_loopback_address_is_never_asked_of_a_proxy(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert "Plain words" in await _text(HttpGet(AddressPolicy([site.host])), site.url("/text"))


async def test_a_proxy_that_cannot_be_used_is_an_error_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks5://me:secret@proxy.test:1080")
    with pytest.raises(FetchError, match="a socks5 proxy cannot be used") as caught:
        await _text(HttpGet(AddressPolicy()), "http://example.com/")
    assert "secret" not in str(caught.value)


async def test_a_name_in_another_script_is_looked_up_as_it_is_sent(site: Site) -> None:
    names = Names(["127.0.0.1"])
    get = HttpGet(AddressPolicy(["xn--fa-hia.test"]), names)
    assert "Plain words" in await _text(get, site.url("/text", "faß.test"))
    assert names.asked == ["xn--fa-hia.test"]
    assert site.requests[0][1]["Host"] == f"xn--fa-hia.test:{site.port}"


def test_no_proxy_names_hosts_that_are_reached_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", "intern.test")
    assert proxy_for("https", "example.com") == "http://proxy.test:3128"
    assert proxy_for("https", "wiki.intern.test") is None
    assert proxy_for("http", "example.com") is None
