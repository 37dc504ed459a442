"""One GET to an address that was checked: looked up, judged and connected to without asking the name twice."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING

from mm_orch import __version__
from mm_orch.errors import FetchError
from mm_orch.providers.address_policy import Address, AddressPolicy
from mm_orch.providers.http_body import ENCODINGS

if TYPE_CHECKING:
    import ssl

    import httpx2

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
_CONNECT_S = 5.0  # so that an address which swallows packets leaves time for the next one
_PORTS = {"http": 80, "https": 443}
# Nothing else goes out: no cookie, no referrer, no language, no credentials.
_HEADERS = {
    "User-Agent": f"MuAI/{__version__}",
    "Accept": "text/html, application/xhtml+xml, text/markdown, text/plain, application/json;q=0.9, */*;q=0.1",
    "Accept-Encoding": ENCODINGS,
    "Connection": "close",
}


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of ``host``, in the order the system prefers them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class HttpGet:
    """Sends GET requests by ``policy``. Holds no connection between them, so it serves any event loop."""

    def __init__(self, policy: AddressPolicy, resolve: Resolver = look_up) -> None:
        self._policy = policy
        self._resolve = resolve

    @asynccontextmanager
    async def open(self, url: httpx2.URL) -> AsyncIterator[httpx2.Response]:
        """The response with its body still to be read.

        Raises ``ForbiddenAddress`` for a host that is not public, and ``FetchError`` when nothing answers.
        """
        import httpx2

        host, port = url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]
        literal = self._policy.check_name(host, port)
        proxy = None if literal is not None and literal.is_loopback else proxy_for(url.scheme, host)
        targets = [None] if proxy else await self._addresses(host, port, literal)
        verify = self._ssl_context if url.scheme == "https" else False
        async with httpx2.AsyncHTTPTransport(verify=verify, trust_env=False, proxy=proxy) as transport:
            response = await _send(transport, url, targets)
            try:
                yield response
            except httpx2.TransportError as error:
                raise _broken(url, error) from error
            finally:
                await response.aclose()

    async def _addresses(self, host: str, port: int, literal: Address | None) -> list[Address | None]:
        if literal is not None:
            return [literal]
        try:
            found = [ip_address(address) for address in await self._resolve(host, port)]
        except (OSError, ValueError) as error:
            hint = "Check the address and the network connection"
            raise FetchError(f"the host {host!r} cannot be found: {error}", hint=hint) from error
        self._policy.check_addresses(host, port, found)
        return [*found]

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
    if kind.lower() not in _PORTS:
        hint = f"Set {scheme.upper()}_PROXY to an http:// or https:// proxy, or add the host to NO_PROXY"
        raise FetchError(f"a {kind} proxy cannot be used to read {host!r}", hint=hint)
    return proxy


async def _send(
    transport: httpx2.AsyncHTTPTransport, url: httpx2.URL, targets: Sequence[Address | None]
) -> httpx2.Response:
    """The answer of the first of ``targets`` that accepts a connection; None stands for the proxy's own look-up."""
    import httpx2

    failure: httpx2.TransportError | None = None
    for target in targets:
        try:
            return await transport.handle_async_request(_request(url, target))
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            failure = error
        except httpx2.TransportError as error:
            raise _broken(url, error) from error
    raise _broken(url, failure) from failure


def _request(url: httpx2.URL, target: Address | None) -> httpx2.Request:
    """A request that connects to ``target`` and is, for the server and its certificate, one for ``url``'s host."""
    import httpx2

    extensions: dict[str, object] = {"timeout": {"connect": _CONNECT_S}}
    headers = {"Host": url.netloc.decode("ascii"), **_HEADERS}
    if target is not None and str(target) != url.host:
        extensions["sni_hostname"] = url.raw_host.decode("ascii")
        url = url.copy_with(host=str(target))
    return httpx2.Request("GET", url, headers=headers, extensions=extensions)


def _broken(url: httpx2.URL, error: BaseException | None) -> FetchError:
    reason = (str(error).rstrip(".") or type(error).__name__) if error else "its host has no address"
    return FetchError(
        f"{str(url)!r} could not be read: {reason}", hint="Check the network connection, or try again"
    )
