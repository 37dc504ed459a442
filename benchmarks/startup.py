"""How long MuAI takes to start, as ratios to ``import langgraph.graph`` measured in the same run.

The commands take turns, so a busy moment of the machine hits all of them; what is compared are medians.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MUAI = (sys.executable, "-m", "mm_orch.main")
BASELINE = "import langgraph.graph"
COMMANDS: dict[str, tuple[str, ...]] = {
    BASELINE: (sys.executable, "-c", BASELINE),
    "python -c pass": (sys.executable, "-c", "pass"),
    "muai --help": (*MUAI, "--help"),
    "muai --model-info": (*MUAI, "--model-info"),
    "muai --mock (cold query)": (*MUAI, "--mock", "What is a queue?"),
}
BUDGETS = {"muai --help": 0.45, "muai --model-info": 0.45, "muai --mock (cold query)": 1.3}


def seconds(command: tuple[str, ...], home: str) -> float:
    """Wall-clock seconds of one run. Raises ``CalledProcessError`` when it fails."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "MUAI_HOME": home}
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


def measure(rounds: int) -> dict[str, float]:
    """Medians in seconds by command; a round before the first is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as home:
        for turn in range(rounds + 1):
            for name, command in COMMANDS.items():
                spent = seconds(command, home)
                if turn:
                    taken[name].append(spent)
    return {name: statistics.median(values) for name, values in taken.items()}


def report(medians: dict[str, float]) -> list[dict[str, object]]:
    """A row a command: seconds, ratio to the baseline, what is allowed, and whether it is kept to."""
    rows: list[dict[str, object]] = []
    for name, median in medians.items():
        ratio, budget = median / medians[BASELINE], BUDGETS.get(name)
        kept = None if budget is None else ratio <= budget
        rows.append(
            {"command": name, "seconds": round(median, 3), "ratio": round(ratio, 3), "budget": budget, "ok": kept}
        )
    return rows


def main() -> int:
    """Print the table, or JSON; 1 when a budget is not kept to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    rows = report(measure(chosen.rounds))
    if chosen.json:
        print(json.dumps({"rounds": chosen.rounds, "baseline": BASELINE, "rows": rows}, indent=2))
    else:
        print(f"{'command':<28} {'seconds':>8} {'ratio':>7} {'at most':>8}")
        for row in rows:
            print(f"{row['command']:<28} {row['seconds']:>8} {row['ratio']:>7} {row['budget'] or '':>8}")
    return 1 if any(row["ok"] is False for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
