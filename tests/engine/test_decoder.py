from __future__ import annotations

import subprocess
import sys

POLICY = ("decoder", "scheduler", "sequence", "admission", "prefix_cache", "pace", "prompt", "text_stream")
WITHOUT_NATIVE = """
import importlib, sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "llama_cpp":
            raise ImportError("llama_cpp is blocked")
sys.meta_path.insert(0, Blocked())
for name in sys.argv[1:]:
    importlib.import_module(f"mm_orch.engine.{name}")
"""


def test_the_policy_is_imported_where_llama_cpp_cannot_be() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NATIVE, *POLICY], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
