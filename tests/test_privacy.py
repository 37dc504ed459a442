from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASKING_FOR_IT = {
    "LANGSMITH_TRACING": "true",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "secret",
    "HF_HUB_DISABLE_TELEMETRY": "0",
    "LANGGRAPH_STRICT_MSGPACK": "false",
}


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | ASKING_FOR_IT, capture_output=True,
        encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_muais_own_process_is_private_whatever_the_environment_says() -> None:
    said = run(
        "from mm_orch import privacy; privacy.keep_private()\n"
        "from langsmith.utils import tracing_is_enabled\n"
        "from langgraph.checkpoint.serde._msgpack import STRICT_MSGPACK_ENABLED\n"
        "from huggingface_hub import constants\n"
        "print(tracing_is_enabled(), STRICT_MSGPACK_ENABLED, constants.HF_HUB_DISABLE_TELEMETRY)"
    )
    assert said == "False True True"


def test_an_embedded_run_is_untraced_and_the_embedding_program_keeps_its_traces() -> None:
    said = run(
        "from mm_orch import privacy\n"
        "from langsmith.utils import tracing_is_enabled\n"
        "before = tracing_is_enabled()\n"
        "with privacy.untraced():\n"
        "    inside = tracing_is_enabled()\n"
        "print(before, inside, tracing_is_enabled())"
    )
    assert said == "True False True"
