"""A question as an FTS5 expression that stays cheap however large the corpus is."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from mm_orch.corpus.document import words_of
from mm_orch.text.script import CJK

# So many passages are scored for one question at most, unless its rarest word alone is in more of them.
BUDGET = 3000
_MOST_WORDS = 64  # of a question: a pasted text is not counted word by word
_SINGLE = re.compile(f"[{CJK}]")
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM corpus_words WHERE corpus_words MATCH ? LIMIT ?)"


def terms(question: str) -> list[str]:
    """The different words of ``question`` as FTS5 strings, in order."""
    found = dict.fromkeys(words_of(question).split()[: _MOST_WORDS * 4])
    return [_term(word) for word in found][:_MOST_WORDS]


def rare(connection: sqlite3.Connection, wanted: Iterable[str], budget: int = BUDGET) -> list[str]:
    """Those of the ``wanted`` terms that occur, the rarest first, while their passages together fit ``budget``.

    The most frequent words of a question drop out where the corpus is large; when all are frequent the rarest
    stays. Counting stops at the budget too, so the cost does not grow with the corpus.
    """
    counted = sorted((count, term) for term in wanted if (count := _count(connection, term, budget)))
    kept: list[str] = []
    total = 0
    for count, term in counted:
        total += count
        if kept and total > budget:
            break
        kept.append(term)
    return kept


def expression(chosen: Iterable[str]) -> str:
    """An FTS5 expression for passages with any of these terms."""
    return " OR ".join(chosen)


def _count(connection: sqlite3.Connection, term: str, most: int) -> int:
    return int(connection.execute(_COUNT, (term, most + 1)).fetchone()[0])


def _term(word: str) -> str:
    # A single character is indexed only as the beginning of pairs.
    return f'"{word}"' + ("*" if _SINGLE.fullmatch(word) else "")
