"""The addresses behind a name: looked up, all of them judged, and remembered for as long as a few pages take."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address

from mm_orch.errors import FetchError
from mm_orch.providers.address_policy import Address, AddressPolicy

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
_KEPT_S = 60.0
_MOST = 256


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of ``host``, in the order the system prefers them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedNames:
    """Asks ``resolve`` once a minute and name: robots.txt, the page and a second page need one look-up together."""

    def __init__(
        self, policy: AddressPolicy, resolve: Resolver = look_up, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._policy, self._resolve, self._clock = policy, resolve, clock
        self._known: dict[tuple[str, int], tuple[float, list[Address]]] = {}

    async def addresses(self, host: str, port: int) -> list[Address]:
        """Where ``host`` may be connected to.

        Raises ``FetchError`` for a name that does not exist and ``ForbiddenAddress`` when any of its addresses is
        not public.
        """
        until, known = self._known.get((host, port), (0.0, []))
        if not known or until < self._clock():
            known = await self._ask(host, port)
            self._policy.check_addresses(host, port, known)
            self._keep(host, port, known)
        return known

    async def _ask(self, host: str, port: int) -> list[Address]:
        try:
            return [ip_address(address) for address in await self._resolve(host, port)]
        except (OSError, ValueError) as error:
            hint = "Check the address and the network connection"
            raise FetchError(f"the host {host!r} cannot be found: {error}", hint=hint) from error

    def _keep(self, host: str, port: int, found: list[Address]) -> None:
        while len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]
        self._known.pop((host, port), None)
        self._known[host, port] = (self._clock() + _KEPT_S, found)
