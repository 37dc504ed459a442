"""Bounds on the memory of a process."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems bind nothing")

_LIMITED = """
from mm_orch.processes.memory_bound import limit, was_nearly_reached
limit(400_000_000)
print(was_nearly_reached(400_000_000))
print(len(bytearray(320_000_000)))
print(was_nearly_reached(400_000_000))
try:
    bytearray(900_000_000)
except MemoryError:
    print("refused")
limit(4_000_000_000)
try:
    bytearray(900_000_000)
except MemoryError:
    print("still refused")
"""

_FOR_A_WHILE = """
from mm_orch.processes.memory_bound import at_most_more, limit
with at_most_more(100_000_000):
    print(len(bytearray(50_000_000)))
    try:
        bytearray(300_000_000)
    except MemoryError:
        print("refused")
print(len(bytearray(300_000_000)))
limit(400_000_000)
with at_most_more(4_000_000_000):
    try:
        bytearray(900_000_000)
    except MemoryError:
        print("a lower bound holds")
"""


def printed(code: str) -> list[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )


def test_memory_beyond_the_limit_is_refused_and_the_limit_never_rises() -> None:
    assert printed(_LIMITED) == ["False", "320000000", "True", "refused", "still refused", ""]


def test_a_bound_for_a_while_is_lifted_again() -> None:
    assert printed(_FOR_A_WHILE) == ["50000000", "refused", "300000000", "a lower bound holds", ""]
