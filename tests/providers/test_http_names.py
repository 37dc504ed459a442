"""Names are looked up once, and judged."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from mm_orch.errors import FetchError, ForbiddenAddress
from mm_orch.providers.address_policy import AddressPolicy
from mm_orch.providers.http_names import CheckedNames


class Names:
    def __init__(self, *answers: Sequence[str]) -> None:
        self.asked = 0
        self._answers = list(answers)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self._answers.pop(0)


async def test_an_answer_serves_for_a_minute() -> None:
    now = [0.0]
    names = Names(["1.1.1.1", "8.8.8.8"], ["8.8.4.4"])
    checked = CheckedNames(AddressPolicy(), names, lambda: now[0])
    for _ in range(2):
        assert await checked.addresses("a.test", 80) == [ip_address("1.1.1.1"), ip_address("8.8.8.8")]
    now[0] = 61
    assert await checked.addresses("a.test", 80) == [ip_address("8.8.4.4")]
    assert names.asked == 2


async def test_an_answer_with_a_private_address_is_refused_and_not_remembered() -> None:
    names = Names(["1.1.1.1", "10.0.0.1"], ["1.1.1.1"])
    checked = CheckedNames(AddressPolicy(), names)
    with pytest.raises(ForbiddenAddress):
        await checked.addresses("a.test", 80)
    assert await checked.addresses("a.test", 80) == [ip_address("1.1.1.1")]


async def test_an_exception_for_one_port_is_none_for_another() -> None:
    checked = CheckedNames(AddressPolicy(["a.test:8080"]), Names(["10.0.0.1"], ["10.0.0.1"]))
    assert await checked.addresses("a.test", 8080)
    with pytest.raises(ForbiddenAddress):
        await checked.addresses("a.test", 80)


async def test_no_answer_is_asked_for_again() -> None:
    checked = CheckedNames(AddressPolicy(), Names([], ["1.1.1.1"]))
    assert await checked.addresses("a.test", 80) == []
    assert await checked.addresses("a.test", 80)


async def test_what_is_no_address_is_an_error() -> None:
    with pytest.raises(FetchError, match=r"'a\.test' cannot be found"):
        await CheckedNames(AddressPolicy(), Names(["nonsense"])).addresses("a.test", 80)


async def test_only_so_many_are_remembered() -> None:
    names = Names(*([["1.1.1.1"]] * 301))
    checked = CheckedNames(AddressPolicy(), names)
    for number in (*range(300), 0):
        await checked.addresses(f"a{number}.test", 80)
    assert names.asked == 301
