"""Which addresses may be fetched from."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from mm_orch.errors import ForbiddenAddress
from mm_orch.providers.address_policy import AddressPolicy, is_public

_CLOSED = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.9.9.9 168.63.129.16 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7
203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 100::1
2001::1 2001:0:53aa:64c:0:fbbe:8000:1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1
3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%1 fec0::1 ff02::1
"""
_OPEN = """
1.1.1.1 8.8.8.8 93.184.216.34 172.32.0.1 100.128.0.1 168.63.129.17
2606:4700::1111 2a00:1450::1 64:ff9b::808:808 ::ffff:8.8.8.8
"""


@pytest.mark.parametrize("address", _CLOSED.split())
def test_an_address_that_is_not_a_public_web_sites_is_closed(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", _OPEN.split())
def test_a_public_address_is_open(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "10.0x1", "1.2.3.4.5", "08.8.8.8"]
)
def test_an_unusual_spelling_of_an_address_is_refused(host: str) -> None:
    with pytest.raises(ForbiddenAddress, match="unusual spelling"):
        AddressPolicy().check_name(host, 80)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "a.localhost", "printer.local", "metadata.google.internal"]
)
def test_names_of_this_machine_and_of_private_networks_are_refused(host: str) -> None:
    with pytest.raises(ForbiddenAddress, match=r"fetch\.allow_hosts"):
        AddressPolicy().check_name(host, 80)


@pytest.mark.parametrize("host", ["example.com", "1.example.com", "3com.com", "0x.example"])
def test_a_public_name_is_left_to_be_looked_up(host: str) -> None:
    assert AddressPolicy().check_name(host, 80) is None


def test_a_name_is_refused_when_any_of_its_addresses_is_private() -> None:
    found = [ip_address("93.184.216.34"), ip_address("10.0.0.1")]
    with pytest.raises(ForbiddenAddress, match=r"'example\.com' \(10\.0\.0\.1\) is a private"):
        AddressPolicy().check_addresses("example.com", 443, found)


@pytest.mark.parametrize(
    ("entry", "host", "port", "allowed"),
    [
        ("127.0.0.1", "127.0.0.1", 8080, True),
        ("127.0.0.1:8080", "127.0.0.1", 8080, True),
        ("127.0.0.1:8080", "127.0.0.1", 80, False),
        ("[::1]:8080", "::1", 8080, True),
        ("[::1]", "::1", 80, True),
        ("::1", "::1", 80, True),
        ("Wiki.Intern", "wiki.intern.", 80, True),
        ("intern", "wiki.intern", 80, False),
        ("127.0.0.1", "localhost", 80, False),
    ],
)
def test_exceptions_are_by_host_or_by_host_and_port(entry: str, host: str, port: int, allowed: bool) -> None:
    assert AddressPolicy([entry]).allows_by_name(host, port) is allowed


def test_an_exception_may_have_private_addresses() -> None:
    policy = AddressPolicy(["wiki.intern"])
    assert policy.check_name("wiki.intern", 80) is None
    policy.check_addresses("wiki.intern", 80, [ip_address("10.0.0.1")])
