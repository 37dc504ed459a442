"""Passages that were found by their words, ranked again by meaning with an embedding model."""

from __future__ import annotations

import math
from array import array
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from mm_orch.corpus.vectors import VectorStore
from mm_orch.retrieval.fusion import fuse

Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class Embedder:
    """``embed`` gives one vector a text and may raise ``EngineError`` or ``ModelError``.

    ``model`` differs for files that embed differently.
    """

    model: str
    embed: Callable[[Sequence[str]], Awaitable[list[list[float]]]]


async def rank(embedder: Embedder, question: str, texts: Mapping[int, str], store: VectorStore) -> list[int]:
    """The numbers of passages, given best first with their texts, in the order that words and meaning agree on.

    The vectors of passages are computed once and kept in ``store``. Raises ``EngineError``, ``ModelError`` and
    ``StorageError``.
    """
    vectors = store.get(embedder.model, texts)
    missing = [number for number in texts if number not in vectors]
    asked, *made = await embedder.embed([question, *(texts[number] for number in missing)])
    new = {number: array("f", vector) for number, vector in zip(missing, made, strict=True)}
    if new:
        store.put(embedder.model, new)
    vectors |= new
    near = sorted(texts, key=lambda number: -likeness(asked, vectors[number]))
    return fuse([(list(texts), 1.0), (near, 1.0)])


def likeness(one: Vector, other: Vector) -> float:
    """The cosine of two vectors, -1..1; 0 where they cannot be compared."""
    lengths = math.hypot(*one) * math.hypot(*other)
    if len(one) != len(other) or not lengths:
        return 0.0
    return sum(a * b for a, b in zip(one, other, strict=True)) / lengths
