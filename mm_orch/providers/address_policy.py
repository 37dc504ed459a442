"""Which addresses may be fetched from: public ones, and what ``fetch.allow_hosts`` names. Opens no connection."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from mm_orch.errors import ForbiddenAddress

Address = IPv4Address | IPv6Address

# Blocks where no web site lives; Python's ``is_global`` lets some of them through, and did more so before 3.11.9.
_CLOSED_BLOCKS = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 "
    "192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 "
    "2001::/23 2001:db8::/32 2002::/16 3fff::/20"
)
_CLOSED = tuple(ip_network(block) for block in _CLOSED_BLOCKS.split())
_GLOBAL_UNICAST = IPv6Network(
    "2000::/3"
)  # all of IPv6 that is given out: fc00::/7, fe80::/10, fec0::/10 lie outside
_NAT64 = IPv6Network("64:ff9b::/96")
_NUMERIC_HOST = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?", re.IGNORECASE)
_HINT = "Only public web sites are read; name the host under fetch.allow_hosts to make an exception"


class AddressPolicy:
    """Knows the exceptions: ``host`` or ``host:port``, an IPv6 address in brackets where a port follows."""

    def __init__(self, allow_hosts: Iterable[str] = ()) -> None:
        self._allowed = frozenset(_normal(entry) for entry in allow_hosts)

    def allows_by_name(self, host: str, port: int) -> bool:
        """Whether ``host``, as the URL has it, is an exception on ``port``."""
        host = host.lower().rstrip(".")
        shown = f"[{host}]" if ":" in host else host
        return not self._allowed.isdisjoint((host, f"{shown}:{port}"))

    def check_name(self, host: str, port: int) -> Address | None:
        """The address that ``host`` spells, None for a name that must be looked up.

        Raises ``ForbiddenAddress`` for an address that is not public, an unusual spelling of one (``2130706433``,
        ``0177.1``), and the names that mean this machine.
        """
        try:
            address = ip_address(host)
        except ValueError:
            address = None
        if self.allows_by_name(host, port):
            return address
        if address is not None:
            self.check_addresses(host, port, [address])
            return address
        name = host.lower().rstrip(".")
        if _NUMERIC_HOST.fullmatch(name) or "%" in name:
            raise ForbiddenAddress(f"{host!r} is an unusual spelling of an address", hint="Write it as a.b.c.d")
        if name == "localhost" or name.endswith((".localhost", ".local", ".internal", ".home.arpa")):
            raise ForbiddenAddress(f"{host!r} names this machine or a private network", hint=_HINT)
        return None

    def check_addresses(self, host: str, port: int, addresses: Iterable[Address]) -> None:
        """Raise ``ForbiddenAddress`` unless every address of ``host`` is public, or ``host`` is an exception."""
        if self.allows_by_name(host, port):
            return
        for address in addresses:
            if not is_public(address):
                where = "" if host == str(address) else f" ({address})"
                raise ForbiddenAddress(f"{host!r}{where} is a private or reserved address", hint=_HINT)


def is_public(address: Address) -> bool:
    """Whether ``address`` can belong to a web site on the internet; addresses that wrap another are unwrapped."""
    if isinstance(address, IPv6Address):
        if address.scope_id:
            return False
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _GLOBAL_UNICAST:
            return False
    return not any(address in block for block in _CLOSED if block.version == address.version)


def _normal(entry: str) -> str:
    entry = entry.strip().lower().rstrip(".")
    return entry[1:-1] if entry.startswith("[") and entry.endswith("]") else entry
