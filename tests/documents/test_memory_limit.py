"""The bound on the memory of the process that reads documents."""

from __future__ import annotations

import subprocess
import sys

import pytest

_LIMITED = """
from mm_orch.documents.memory_limit import set_limit, was_nearly_reached
set_limit(400_000_000)
print(was_nearly_reached(400_000_000))
print(len(bytearray(320_000_000)))
print(was_nearly_reached(400_000_000))
try:
    bytearray(900_000_000)
except MemoryError:
    print("refused")
set_limit(4_000_000_000)
try:
    bytearray(900_000_000)
except MemoryError:
    print("still refused")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bind nothing")
def test_memory_beyond_the_limit_is_refused_and_the_limit_never_rises() -> None:
    done = subprocess.run([sys.executable, "-c", _LIMITED], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n") == ["False", "320000000", "True", "refused", "still refused", ""]
