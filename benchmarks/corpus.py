"""How fast documents enter the corpus and are found in it, beside bare FTS5 with the same words in the same run.

Documents of 2 KB, folder by folder, in turns: inserted as words, prepared before, into a bare FTS5 table by a loop;
stored by MuAI, prepared before as well; and added by MuAI with all that ``muai corpus add`` does, from walking the
folder to cutting into passages and words. Questions are asked in turns too; the bare statement gets the words that
MuAI chose, without the question's most frequent ones.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path

from mm_orch.corpus import query
from mm_orch.corpus.adding import Adding
from mm_orch.corpus.document import PassageRow, Prepared, Stamp, prepare
from mm_orch.corpus.index import CorpusIndex
from mm_orch.corpus.preparing import Preparing
from mm_orch.database import Database
from mm_orch.documents.extraction import ExtractionPool
from mm_orch.documents.reader import read_document
from mm_orch.providers.mock import MockFetcher

SIZES = (1_000, 10_000, 50_000)
FOLDER = 500  # documents
CHARACTERS = 2_048  # of a document
WORDS = 40_000  # that there are; how often each is used follows Zipf's law
QUESTIONS = 100
QUESTION_WORDS = 7
LIMIT = 10  # passages
STORING, QUERY = 0.4, 2.0  # what is asked for, as ratios to the bare loop and the bare statement


@dataclass(frozen=True, slots=True)
class Row:
    """One size: documents a second, what of it storing has, and milliseconds of a question at the median."""

    documents: int
    bare_per_s: float
    stored_per_s: float
    added_per_s: float
    storing: float
    muai_ms: float
    bare_ms: float
    query: float
    all_words_ms: float


class Writer:
    """Writes documents of words, drawn as a language draws its words; one ``seed`` makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        letters = "etaoinshrdlucmfwypvbgkjqxz"
        weights = range(len(letters), 0, -1)
        made = (
            "".join(self._random.choices(letters, weights, k=self._random.randint(2, 11))) for _ in range(WORDS)
        )
        self._words = list(dict.fromkeys(made))
        weighed = (1 / (rank + 3) for rank in range(len(self._words)))
        self._weights = list(accumulate(weighed))

    def words(self, count: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=count)

    def document(self) -> str:
        """Markdown with a title, sections, paragraphs and sentences."""
        parts = [f"# {' '.join(self.words(4))}"]
        while sum(map(len, parts)) < CHARACTERS:
            if len(parts) % 4 == 0:
                parts.append(f"## {' '.join(self.words(3))}")
            parts.append(" ".join(f"{' '.join(self.words(12)).capitalize()}." for _ in range(5)))
        return "\n\n".join(parts)[:CHARACTERS] + "\n"


class Bare:
    """An FTS5 table and nothing else."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("CREATE VIRTUAL TABLE words USING fts5(title, heading, text)")

    def insert(self, rows: Sequence[PassageRow]) -> None:
        """All rows in one transaction."""
        execute = self._connection.execute
        execute("BEGIN")
        for row in rows:
            execute("INSERT INTO words VALUES (?, ?, ?)", (row.title_words, row.heading_words, row.text_words))
        execute("COMMIT")

    def ask(self, expression: str) -> None:
        """The best passages for an FTS5 expression."""
        sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
        self._connection.execute(sql, (expression, LIMIT)).fetchall()


class Bench:
    """A corpus and a bare table, filled and asked in turns, in the folder ``home``."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._writer = Writer(seed=7)
        self._database = Database(home / "muai.db")
        self._index = CorpusIndex(self._database)
        self._bare = Bare(home / "bare.db")
        self._second = Database(home / "second.db")
        self._stored = CorpusIndex(self._second)
        self._pool, self._preparing = ExtractionPool(), Preparing()
        self._adding = Adding(
            self._index, self._pool, MockFetcher(), self._preparing, lambda outcome: None, max_bytes=100_000_000
        )
        self._questions: list[str] = []
        self.filled = 0

    async def fill(self, size: int) -> tuple[float, float, float]:
        """Add documents until there are ``size``; documents a second: bare, stored, added."""
        spent: list[tuple[float, float, float]] = []
        before = self.filled
        while self.filled < size:
            folder, documents = self._write(min(FOLDER, size - self.filled))
            started = time.perf_counter()
            self._bare.insert([row for document in documents for row in document.rows])
            inserted = time.perf_counter()
            self._stored.store(documents)
            stored = time.perf_counter()
            await self._adding.add([str(folder)])
            spent.append((inserted - started, stored - inserted, time.perf_counter() - stored))
        # Sums, for the merges that FTS5 does now and then belong to the work.
        bare, store, add = ((size - before) / sum(column) for column in zip(*spent, strict=True))
        return bare, store, add

    def ask(self) -> tuple[float, float, float]:
        """Median milliseconds of a question: MuAI, the bare statement, the bare statement with all words."""
        times: list[tuple[float, float, float]] = []
        for question in self._questions:
            wanted = query.terms(question)
            with self._database.read() as connection:
                chosen = query.expressions(connection, question)[0]
            started = time.perf_counter()
            self._index.passages(question, LIMIT)
            asked = time.perf_counter()
            self._bare.ask(chosen)
            answered = time.perf_counter()
            self._bare.ask(" OR ".join(wanted))
            times.append((asked - started, answered - asked, time.perf_counter() - answered))
        muai, bare, everything = (statistics.median(column) * 1000 for column in zip(*times, strict=True))
        return muai, bare, everything

    def close(self) -> None:
        self._pool.close()
        self._preparing.close()
        self._database.close()
        self._second.close()

    def _write(self, count: int) -> tuple[Path, list[Prepared]]:
        folder = self._home / f"{self.filled:06}"
        folder.mkdir()
        documents: list[Prepared] = []
        for number in range(count):
            text = self._writer.document()
            (folder / f"{number:04}.md").write_text(text, encoding="utf-8")
            page = read_document(text.encode(), "text/markdown", "")
            documents.append(prepare(f"/{folder.name}/{number}", Stamp(len(text), None, ""), page))
            if len(self._questions) < QUESTIONS:
                self._questions.append(" ".join(self._writer.words(QUESTION_WORDS)))
        self.filled += count
        return folder, documents


async def measure(sizes: Sequence[int]) -> list[Row]:
    """A row a size, of one corpus that grows."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as home:
        bench = Bench(Path(home))
        try:
            for size in sorted(sizes):
                bare, stored, added = await bench.fill(size)
                bench.ask()
                asked, plain, everything = bench.ask()
                speeds = (bare, stored, added, stored / bare)
                rows.append(Row(size, *(round(x, 3) for x in (*speeds, asked, plain, asked / plain, everything))))
        finally:
            bench.close()
    return rows


def kept(rows: Sequence[Row]) -> bool:
    """Whether every row has what is asked for, and a question's time grows more slowly than the corpus."""
    first = rows[0]
    slower = all(row.muai_ms / first.muai_ms < row.documents / first.documents for row in rows[1:])
    return slower and all(row.storing >= STORING and row.query <= QUERY for row in rows)


def main() -> int:
    """Print the table, or JSON; 1 when something that is asked for is not kept to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), metavar="DOCUMENTS")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    rows = asyncio.run(measure(chosen.sizes))
    if chosen.json:
        print(json.dumps({"rows": [asdict(row) for row in rows]}, indent=2))
        return 0 if kept(rows) else 1
    print(f"{'':>9}  {'documents a second':^33}  {'':6}  {'a question, ms':^27}")
    heads = ("documents", "bare FTS5", "stored", "added", ">= 0.4", "MuAI", "bare", "all words", "<= 2.0")
    print("{:>9}  {:>9}  {:>10}  {:>10}  {:>6}  {:>7}  {:>7}  {:>9}  {:>6}".format(*heads))
    for row in rows:
        speeds = (
            f"{row.bare_per_s:>9,.0f}  {row.stored_per_s:>10,.0f}  {row.added_per_s:>10,.0f}  {row.storing:>6.2f}"
        )
        times = f"{row.muai_ms:>7.2f}  {row.bare_ms:>7.2f}  {row.all_words_ms:>9.2f}  {row.query:>6.2f}"
        print(f"{row.documents:>9,}  {speeds}  {times}")
    return 0 if kept(rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
