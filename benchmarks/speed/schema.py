"""Part ``schema``: decoding that a JSON schema constrains, against free decoding of the same prompt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.speed.rig import Rig
from benchmarks.speed.rounds import alternate
from benchmarks.speed.row import Row

_N_TOKENS = 128
_PROMPT = "The planets as a JSON list of objects with name, moons, rings and what is known of each:\n"
_TEXT = {"type": "string"}
_PLANET = {
    "type": "object",
    "properties": {"name": _TEXT, "moons": {"type": "integer"}, "rings": {"type": "boolean"}, "about": _TEXT},
    "required": ["name", "moons", "rings", "about"],
}
SCHEMA: dict[str, Any] = {"type": "array", "items": _PLANET, "minItems": 8}


def schema(rig: Rig) -> Iterator[Row]:
    def speed(**options: Any) -> float:
        seed = rig.seeds.randrange(1 << 30)
        return rig.decode_speed(_PROMPT, _N_TOKENS, seed=seed, logit_bias=rig.ends, **options)

    contestants = {"free": speed, "schema": lambda: speed(json_schema=SCHEMA)}
    measured = alternate(contestants, rig.rounds, rig.patience_s)
    note = f"{measured.median('schema'):.0f} and {measured.median('free'):.0f} tokens/s"
    pairs = measured.pairs("schema", "free")
    yield Row.of_pairs("schema", "under a JSON schema / free", pairs, 0.85, disturbed=measured.disturbed, note=note)
