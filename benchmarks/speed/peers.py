"""llama.cpp's own benchmark programs, run as their users run them: no environment of ours."""

from __future__ import annotations

import json
import os
import subprocess

from benchmarks.speed.rig import Rig


def llama_bench() -> str | None:
    """The program that ``LLAMA_BENCH`` names."""
    return os.environ.get("LLAMA_BENCH") or None


def llama_batched_bench() -> str | None:
    """The program that ``LLAMA_BATCHED_BENCH`` names."""
    return os.environ.get("LLAMA_BATCHED_BENCH") or None


def decode_speed(program: str, rig: Rig, n_tokens: int) -> float:
    """Tokens a second of one stream."""
    line = [
        program,
        "-m",
        rig.path,
        "-t",
        str(rig.threads),
        "-p",
        "0",
        "-n",
        str(n_tokens),
        "-r",
        "1",
        "-o",
        "json",
    ]
    done = subprocess.run(line, check=True, capture_output=True, encoding="utf-8")
    return float(json.loads(done.stdout)[0]["avg_ts"])


def batch_speed(program: str, rig: Rig, n_prompt: int, n_tokens: int, streams: int) -> float:
    """Tokens a second of ``streams`` streams together."""
    shape = ["-npp", str(n_prompt), "-ntg", str(n_tokens), "-npl", str(streams)]
    engine = ["-c", str(rig.n_ctx), "-t", str(rig.threads), "-fa", "on", "-kvu", "--output-format", "jsonl"]
    done = subprocess.run(
        [program, "-m", rig.path, *shape, *engine], check=True, capture_output=True, encoding="utf-8"
    )
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return float(rows[-1]["speed_tg"])
