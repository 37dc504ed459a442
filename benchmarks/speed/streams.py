"""Part ``streams``: what eight streams together gain over one, against what llama.cpp's own batching gains."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import median

from benchmarks.speed import peers
from benchmarks.speed.rig import Rig
from benchmarks.speed.rounds import Measure, alternate
from benchmarks.speed.row import Row

N_STREAMS = 8
_N_PROMPT, _N_TOKENS = 16, 64


def streams(rig: Rig) -> Iterator[Row]:
    measured = alternate(_contestants(rig), rig.rounds, rig.patience_s)
    gain = measured.pairs("eight", "one")
    note = f"{measured.median('one'):.0f} and {measured.median('eight'):.0f} tokens/s"
    yield Row.of_pairs("streams", "8 streams / 1 stream", gain, disturbed=measured.disturbed, note=note)
    if peers.llama_batched_bench():
        theirs = measured.pairs("batched-bench eight", "batched-bench one")
        pairs = [own / other for own, other in zip(gain, theirs, strict=True)]
        note = f"gains {median(gain):.2f} and {median(theirs):.2f}"
        what = "gain at 8 / llama-batched-bench's"
        yield Row.of_pairs("streams", what, pairs, 0.95, disturbed=measured.disturbed, note=note)


def _contestants(rig: Rig) -> dict[str, Measure]:
    contestants: dict[str, Measure] = {
        "one": lambda: rig.batch_speed([rig.numbers(_N_PROMPT)], _N_TOKENS),
        "eight": lambda: rig.batch_speed([rig.numbers(_N_PROMPT) for _ in range(N_STREAMS)], _N_TOKENS),
    }
    if program := peers.llama_batched_bench():
        for name, count in (("one", 1), ("eight", N_STREAMS)):
            measure = partial(peers.batch_speed, program, rig, _N_PROMPT, _N_TOKENS, count)
            contestants[f"batched-bench {name}"] = measure
    return contestants
