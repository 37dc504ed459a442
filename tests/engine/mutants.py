"""Damaged models, each loaded and asked in a fork of one process that has llama.cpp ready: what became of it.

Run as ``python -m tests.engine.mutants MODEL FOLDER COUNT SEED``; prints one JSON object. What a fork runs is what
the engine's child runs, without the pipe.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from mm_orch.engine import gguf
from mm_orch.engine.engine import Engine
from mm_orch.errors import MuAIError
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.load_spec import LoadSpec

_SECONDS = 20.0
_LOADED, _REFUSED, _ASTRAY = 0, 10, 11


def mutants(model: Path, count: int, seed: int) -> list[bytes]:
    """Copies of ``model`` with one to four bytes of the header changed, or the header cut short."""
    data = model.read_bytes()
    end = gguf.read_header(model).data_offset
    dice = random.Random(seed)
    made = []
    for _ in range(count):
        mutant = bytearray(data)
        for _ in range(dice.choice((1, 1, 1, 2, 4))):
            mutant[dice.randrange(end)] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        made.append(bytes(mutant[: dice.randrange(end)] if dice.random() < 0.05 else mutant))
    return made


def load_and_ask(path: Path) -> int:
    """The exit code that tells how it went."""
    try:
        engine = Engine(LoadSpec(str(path), 256, 1))
        engine.submit(1, GenerationRequest("hello", GenerationConfig(max_tokens=2, seed=1)))
        while engine.scheduler.is_busy:
            engine.step()
    except MuAIError:
        return _REFUSED
    except Exception as error:
        print(path, type(error).__name__, error, file=sys.stderr)
        return _ASTRAY
    return _LOADED


def try_one(path: Path) -> str:
    """What became of a fork that loads and asks ``path``; one that hangs is killed."""
    child = os.fork()
    if child == 0:
        os._exit(load_and_ask(path))
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return {_LOADED: "loaded", _REFUSED: "refused", _ASTRAY: "astray"}.get(code, "died")
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "hung"


def main(model: Path, folder: Path, count: int, seed: int) -> None:
    became: Counter[str] = Counter()
    kept: dict[str, list[str]] = {}
    for number, data in enumerate(mutants(model, count, seed)):
        path = folder / f"mutant{number}.gguf"
        path.write_bytes(data)
        outcome = try_one(path)
        became[outcome] += 1
        if outcome in ("loaded", "refused"):
            path.unlink()
        else:
            kept.setdefault(outcome, []).append(str(path))
    print(json.dumps({"counts": became, "kept": kept}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
