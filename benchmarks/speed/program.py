"""The command line of the benchmark: which parts, how often, on what; a table, or JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

from benchmarks.speed.decode import decode
from benchmarks.speed.head import head
from benchmarks.speed.memory import memory
from benchmarks.speed.rig import Rig
from benchmarks.speed.row import Row, spread
from benchmarks.speed.schema import schema
from benchmarks.speed.sessions import sessions
from benchmarks.speed.streams import streams
from mm_orch import settings
from mm_orch.runtime import model_loader
from mm_orch.runtime.catalogue import Catalogue
from mm_orch.runtime.machine import machine

PARTS: dict[str, Callable[[Rig], Iterator[Row]]] = {
    "decode": decode,
    "streams": streams,
    "head": head,
    "sessions": sessions,
    "schema": schema,
    "memory": memory,
}
_N_CTX = 4096


def main(line: Sequence[str] | None = None) -> int:
    """Print the ratios; 1 when a goal is missed."""
    chosen = _parser().parse_args(line)
    rig = Rig(_path(chosen.model), chosen.threads, _N_CTX, chosen.rounds, chosen.patience)
    try:
        rows = list(_measured(chosen.only or PARTS, rig))
    finally:
        rig.close()
    print(_document(rows, rig) if chosen.json else table(rows))
    return 1 if any(row.ok is False for row in rows) else 0


def _measured(parts: Iterable[str], rig: Rig) -> Iterator[Row]:
    """The rows of each part; what is known so far goes to stderr."""
    for name in parts:
        for row in PARTS[name](rig):
            print(f"{row.part}: {row.what}: {row.value:.2f}", file=sys.stderr, flush=True)
            yield row


def table(rows: Sequence[Row]) -> str:
    """The rows in columns, for people."""
    lines = [("part", "what", "value", "goal", "middle half", "", "")]
    for row in rows:
        goal = "" if row.goal is None else f"{'≤' if row.at_most else '≥'} {row.goal:g}"
        mark = "" if row.ok is None else "ok" if row.ok else "MISSED"
        note = "; ".join(filter(None, [row.note, f"{row.disturbed} rounds disturbed" if row.disturbed else ""]))
        lines.append((row.part, row.what, f"{row.value:.2f}", goal, spread(row.pairs), mark, note))
    widths = [max(len(cells[column]) for cells in lines) for column in range(6)] + [0]
    return "\n".join(_line(cells, widths) for cells in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def _document(rows: Sequence[Row], rig: Rig) -> str:
    found = {"model": rig.path, "threads": rig.threads, "rounds": rig.rounds}
    return json.dumps(found | {"rows": [row.as_document() for row in rows]}, ensure_ascii=False, indent=2)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="How fast MuAI's engine is, as ratios to its peers.")
    parser.add_argument("--model", metavar="NAME", help="a name from models.yaml or a .gguf file")
    parser.add_argument("--only", metavar="PART", action="append", choices=list(PARTS), help="repeatable")
    parser.add_argument("--rounds", type=int, default=9, help="alternations of every comparison")
    parser.add_argument("--threads", type=int, default=machine().physical_cores, help="the same for all")
    parser.add_argument(
        "--patience",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="for how long a part may wait for a quiet machine",
    )
    parser.add_argument("--json", action="store_true")
    return parser


def _path(name: str | None) -> str:
    config = Catalogue(settings.models()).config(name or settings.load().model)
    return str(model_loader.resolve(config))
