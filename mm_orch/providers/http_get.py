"""One GET to an address that was checked: looked up, judged and connected to without asking the name twice."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from mm_orch import __version__
from mm_orch.errors import FetchError
from mm_orch.providers.address_policy import Address, AddressPolicy
from mm_orch.providers.http_body import ENCODINGS
from mm_orch.providers.http_names import CheckedNames, Resolver, look_up
from mm_orch.providers.http_url import PORTS

if TYPE_CHECKING:
    import ssl

    import httpx2

logger = logging.getLogger(__name__)

_CONNECT_S = 5.0  # so that an address which swallows packets leaves time for the next one
_ACCEPT = (
    "text/html, application/xhtml+xml, text/markdown, text/plain, application/pdf;q=0.9, application/json;q=0.9, "
    "*/*;q=0.1"
)
# Nothing else goes out: no cookie, no referrer, no language, no credentials.
_HEADERS = {
    "User-Agent": f"MuAI/{__version__}",
    "Accept": _ACCEPT,
    "Accept-Encoding": ENCODINGS,
    "Connection": "close",
}


class HttpGet:
    """Sends GET requests by ``policy``. Holds no connection between them, so it serves any event loop."""

    def __init__(self, policy: AddressPolicy, resolve: Resolver = look_up) -> None:
        self._policy = policy
        self._names = CheckedNames(policy, resolve)
        self._told_of_proxy = False

    @asynccontextmanager
    async def open(
        self, url: httpx2.URL, conditions: Mapping[str, str] | None = None
    ) -> AsyncIterator[httpx2.Response]:
        """The response with its body still to be read; ``conditions`` are headers such as ``If-None-Match``.

        Raises ``ForbiddenAddress`` for a host that is not public, and ``FetchError`` when nothing answers.
        """
        import httpx2

        host, port = url.raw_host.decode("ascii"), url.port or PORTS[url.scheme]
        literal = self._policy.check_name(host, port)
        proxy = None if literal is not None and literal.is_loopback else proxy_for(url.scheme, host)
        targets = self._through(proxy, host) if proxy else await self._addresses(host, port, literal)
        verify = self._ssl_context if url.scheme == "https" else False
        async with httpx2.AsyncHTTPTransport(verify=verify, trust_env=False, proxy=proxy) as transport:
            response = await _send(transport, url, targets, conditions or {})
            try:
                yield response
            except httpx2.TransportError as error:
                raise _broken(url, error) from error
            finally:
                await response.aclose()

    def warm(self) -> None:
        """Do now what the first request would have to wait for: imports, and the certificates."""
        import httpcore2  # noqa: F401  the transport imports it late

        assert self._ssl_context

    def _through(self, proxy: str, host: str) -> list[Address | None]:
        if not self._told_of_proxy:
            self._told_of_proxy = True
            shown = proxy.rpartition("@")[2].partition("://")[2] or proxy.rpartition("@")[2]
            logger.info(
                "pages are read through the proxy %s: it looks names up (%s …), so only addresses "
                "that are written as numbers are checked here",
                shown,
                host,
            )
        return [None]

    async def _addresses(self, host: str, port: int, literal: Address | None) -> Sequence[Address | None]:
        return [literal] if literal is not None else await self._names.addresses(host, port)

    @cached_property
    def _ssl_context(self) -> ssl.SSLContext:
        import httpx2

        return httpx2.create_ssl_context()  # reads SSL_CERT_FILE and SSL_CERT_DIR


def proxy_for(scheme: str, host: str) -> str | None:
    """The proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY (or the system) name for ``host``, if any.

    Raises ``FetchError`` for a kind of proxy that cannot be used.
    """
    from urllib.request import getproxies, proxy_bypass

    proxy = getproxies().get(scheme)
    if not proxy or proxy_bypass(host):
        return None
    kind, separator, _ = proxy.partition("://")
    if not separator:
        return f"http://{proxy}"
    if kind.lower() not in PORTS:
        hint = f"Set {scheme.upper()}_PROXY to an http:// or https:// proxy, or add the host to NO_PROXY"
        raise FetchError(f"a {kind} proxy cannot be used to read {host!r}", hint=hint)
    return proxy


async def _send(
    transport: httpx2.AsyncHTTPTransport,
    url: httpx2.URL,
    targets: Sequence[Address | None],
    conditions: Mapping[str, str],
) -> httpx2.Response:
    """The answer of the first of ``targets`` that accepts a connection; None stands for the proxy's own look-up."""
    import httpx2

    failure: httpx2.TransportError | None = None
    for target in targets:
        try:
            return await transport.handle_async_request(_request(url, target, conditions))
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            failure = error
        except httpx2.TransportError as error:
            raise _broken(url, error) from error
    raise _broken(url, failure) from failure


def _request(url: httpx2.URL, target: Address | None, conditions: Mapping[str, str]) -> httpx2.Request:
    """A request that connects to ``target`` and is, for the server and its certificate, one for ``url``'s host."""
    import httpx2

    extensions: dict[str, object] = {"timeout": {"connect": _CONNECT_S}}
    headers = {"Host": url.netloc.decode("ascii"), **_HEADERS, **conditions}
    if target is not None and str(target) != url.host:
        extensions["sni_hostname"] = url.raw_host.decode("ascii")
        url = url.copy_with(host=str(target))
    return httpx2.Request("GET", url, headers=headers, extensions=extensions)


def _broken(url: httpx2.URL, error: BaseException | None) -> FetchError:
    reason = (str(error).rstrip(".") or type(error).__name__) if error else "its host has no address"
    return FetchError(
        f"{str(url)!r} could not be read: {reason}", hint="Check the network connection, or try again"
    )
