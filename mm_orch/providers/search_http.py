"""One request to a provider's HTTP API: its JSON, or an error that says what the answer means.

A key travels in a header, never in an address, and no redirect is followed that would carry it elsewhere.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mm_orch import __version__
from mm_orch.errors import FetchError, SearchError
from mm_orch.providers.http_body import ENCODINGS, read_body
from mm_orch.providers.http_get import proxy_for

if TYPE_CHECKING:
    import ssl

    import httpx2

MAX_BYTES = 4_000_000
ELSEWHERE = "Check the network connection, or name another provider with --search"
_CONNECT_S = 5.0
_REASONS = {  # what says nothing, or would repeat what was sent
    "LocalProtocolError": "the request cannot be sent as it is",
    "RemoteProtocolError": "it broke off its answer",
    "ConnectTimeout": "no connection in time",
}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """``params`` go into the address, ``body`` is sent as JSON (and makes it a POST)."""

    url: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """``status`` and ``headers`` (names in small letters) as they came; ``body`` is not yet understood."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_html(self) -> bool:
        """Whether it is a page for people, whatever its status."""
        kind = self.headers.get("content-type", "").lower()
        return "html" in kind or self.body.lstrip()[:1] == b"<"

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class HttpApi:
    """Asks the API of the provider ``name``; ``timeout_s`` covers a request and its whole answer."""

    def __init__(self, name: str, timeout_s: float, *, max_bytes: int = MAX_BYTES) -> None:
        self._name = name
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes

    async def ask(self, request: ApiRequest) -> ApiAnswer:
        """What the provider answers, whatever its status.

        Raises ``SearchError`` when it does not answer in time, cannot be reached or answers without end.
        """
        try:
            async with asyncio.timeout(self._timeout_s):
                with self._explained():
                    return await self._ask(request)
        except TimeoutError as error:
            raise SearchError(f"{self._name} took longer than {self._timeout_s:g} s", hint=ELSEWHERE) from error

    async def _ask(self, request: ApiRequest) -> ApiAnswer:
        import httpx2

        url = httpx2.URL(request.url)
        verify = self._ssl_context if url.scheme == "https" else False
        proxy = None if url.host in _LOOPBACK else proxy_for(url.scheme, url.host)
        async with httpx2.AsyncHTTPTransport(verify=verify, trust_env=False, proxy=proxy) as transport:
            response = await transport.handle_async_request(_http(request, url))
            try:
                return await self._read(response, url)
            finally:
                await response.aclose()

    async def _read(self, response: httpx2.Response, url: httpx2.URL) -> ApiAnswer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        packed = headers.get("content-encoding", "")
        body = await read_body(response.aiter_raw(), packed, self._max_bytes, f"{url.scheme}://{url.host}")
        if not body.is_whole:
            raise SearchError(f"{self._name} sent more than {self._max_bytes:,} bytes", hint=ELSEWHERE)
        return ApiAnswer(response.status_code, headers, body.data)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        import httpx2

        try:
            yield
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            # The error itself is not kept: what it says of a request may hold the key.
            reason = _REASONS.get(type(error).__name__) or str(error).rstrip(".") or type(error).__name__
            raise SearchError(f"{self._name} cannot be reached: {reason}", hint=ELSEWHERE) from None
        except FetchError as error:
            raise SearchError(f"{self._name}: {error.message}", hint=ELSEWHERE) from error

    @cached_property
    def _ssl_context(self) -> ssl.SSLContext:
        import httpx2

        return httpx2.create_ssl_context()  # reads SSL_CERT_FILE and SSL_CERT_DIR


def _http(request: ApiRequest, url: httpx2.URL) -> httpx2.Request:
    import httpx2

    headers = {
        "User-Agent": f"MuAI/{__version__}",
        "Accept": "application/json",
        "Accept-Encoding": ENCODINGS,
        "Connection": "close",
        **request.headers,
    }
    if request.params:
        url = url.copy_merge_params({name: str(value) for name, value in request.params.items()})
    method = "GET" if request.body is None else "POST"
    extensions = {"timeout": {"connect": _CONNECT_S}}
    return httpx2.Request(method, url, headers=headers, json=request.body, extensions=extensions)
