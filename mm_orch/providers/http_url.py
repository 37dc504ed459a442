"""Addresses of the web as they are asked for: parsed, checked for form, followed from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_orch.errors import FetchError, ForbiddenAddress

if TYPE_CHECKING:
    import httpx2

PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset((301, 302, 303, 307, 308))


def parsed(text: str) -> httpx2.URL:
    """The address to ask for. Raises ``ForbiddenAddress`` for what is no plain web address."""
    import httpx2

    try:
        url = httpx2.URL(text.strip())
    except (httpx2.InvalidURL, ValueError) as error:
        raise ForbiddenAddress(f"{text[:200]!r} is not a web address: {error}") from error
    if url.scheme not in PORTS or not url.host:
        raise ForbiddenAddress(f"{text[:200]!r} is not a web address", hint="Only http:// and https:// are read")
    if url.port is not None and not 0 < url.port < 65536:
        raise ForbiddenAddress(f"{text[:200]!r} names port {url.port}", hint="Ports go from 1 to 65535")
    if url.userinfo:
        raise ForbiddenAddress(
            f"an address of {url.host!r} carries a user name", hint="Leave out what is before the @"
        )
    return url.copy_with(fragment=None)


def redirected(url: httpx2.URL, response: httpx2.Response) -> httpx2.URL:
    """Where ``response`` sends the reader of ``url``. Raises ``FetchError``, as ``parsed`` does."""
    import httpx2

    location = response.headers.get("Location", "")
    if not location:
        raise FetchError(f"{str(url)!r} redirects to nowhere", hint="Choose another page")
    try:
        return parsed(str(url.join(location)))
    except (httpx2.InvalidURL, ValueError) as error:
        raise ForbiddenAddress(f"{str(url)!r} redirects to {location[:200]!r}: {error}") from error


def origin(url: httpx2.URL) -> str:
    """Scheme, host and port of ``url``: whose robots.txt counts, and who is not to be asked too often."""
    host = url.raw_host.decode("ascii")
    shown = f"[{host}]" if ":" in host else host
    return f"{url.scheme}://{shown}:{url.port or PORTS[url.scheme]}"
