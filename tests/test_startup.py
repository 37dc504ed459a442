"""What a start must not import; benchmarks/startup.py has the seconds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"langgraph", "langchain_core", "langsmith", "llama_cpp", "trafilatura", "lxml", "httpx2", "httpx",
         "huggingface_hub", "ddgs", "numpy", "openai"}  # fmt: skip
CODE = """
import sys
from mm_orch.main import main
code = main(sys.argv[1:])
print(*sorted({name.split(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["--model-info"], ["--model-info", "gpt2"]])
def test_help_and_model_info_import_nothing_heavy(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert not HEAVY & set(done.stderr.split())
