"""What there is to run models on."""

from __future__ import annotations

from mm_orch.runtime.machine import machine


def test_the_numbers_are_possible() -> None:
    found = machine()
    assert found.physical_cores >= 1
    assert 0 <= found.available_memory <= found.total_memory
