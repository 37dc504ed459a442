"""A question as an FTS5 expression that stays cheap however large the corpus is."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from mm_orch.corpus.document import words_of
from mm_orch.text.script import CJK

# So many passages are scored for one question at most, unless each of its words is in more of them.
BUDGET = 3000
_MOST_WORDS = 64  # of a question: a pasted text is not counted word by word
_SINGLE = re.compile(f"[{CJK}]")
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM corpus_words WHERE corpus_words MATCH ? LIMIT ?)"


def terms(question: str) -> list[str]:
    """The different words of ``question`` as FTS5 strings, in order."""
    found = dict.fromkeys(words_of(question).split()[: _MOST_WORDS * 4])
    return [_term(word) for word in found][:_MOST_WORDS]


def expressions(connection: sqlite3.Connection, wanted: Iterable[str], budget: int = BUDGET) -> list[str]:
    """FTS5 expressions for the ``wanted`` terms, to be tried in order until one finds something.

    Passages with any of the terms, but the most frequent ones drop out: the rarest first, terms are taken while
    their passages together fit ``budget``. Where all are more frequent than that, passages with all of them, then
    with any; nothing where no term occurs. Counting stops at the budget too, so its cost does not grow.
    """
    counted = sorted((count, term) for term in wanted if (count := _count(connection, term, budget)))
    kept: list[str] = []
    total = 0
    for count, term in counted:
        total += count
        if total > budget:
            break
        kept.append(term)
    everything = [term for _, term in counted]
    if kept or not everything:
        return [" OR ".join(kept)] if kept else []
    return [" AND ".join(everything), " OR ".join(everything)]


def _count(connection: sqlite3.Connection, term: str, most: int) -> int:
    return int(connection.execute(_COUNT, (term, most + 1)).fetchone()[0])


def _term(word: str) -> str:
    # A single character is indexed only as the beginning of pairs.
    return f'"{word}"' + ("*" if _SINGLE.fullmatch(word) else "")
