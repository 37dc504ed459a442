"""The vectors of passages, per embedding model; they go with their passages."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping

from mm_orch.database import Database


class VectorStore:
    """Vectors in a ``database`` with a corpus, by the number of a passage. Raises ``StorageError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, model: str, passages: Iterable[int]) -> dict[int, array[float]]:
        """The vectors that are there."""
        numbers = list(passages)
        marks = ", ".join("?" * len(numbers))
        sql = f"SELECT passage, vector FROM corpus_vectors WHERE model = ? AND passage IN ({marks})"
        with self._database.read() as connection:
            return {number: array("f", vector) for number, vector in connection.execute(sql, (model, *numbers))}

    def put(self, model: str, vectors: Mapping[int, array[float]]) -> None:
        """Keep vectors; one whose passage is gone by now is dropped."""
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO corpus_vectors SELECT id, ?, ? FROM corpus_passages WHERE id = ?",
                [(model, vector.tobytes(), number) for number, vector in vectors.items()],
            )
