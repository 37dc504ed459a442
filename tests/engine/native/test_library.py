"""What is read from llama.cpp's log; in a process of its own, for the parent never imports llama_cpp."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import sys
from mm_orch.engine.native.library import NativeLog
log = NativeLog()
log._take(3, sys.argv[1].encode(), None)
print(log.denies_flash_attention, end=" ")
log.clear()
print(log.denies_flash_attention)
"""


@pytest.mark.parametrize(
    ("line", "denied"),
    [
        ("sched_reserve: Flash Attention not supported, set to disabled\n", True),
        ("llama_init_from_model: flash_attn is not compatible with Grok - forcing off\n", True),
        ("llama_context: n_ctx_seq (512) < n_ctx_train (2048)\n", False),
    ],
)
def test_a_model_that_runs_without_flash_attention_is_noticed(line: str, denied: bool) -> None:
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT, line], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert told.stdout.split() == [str(denied), "False"]
