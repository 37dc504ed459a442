"""A question as an FTS5 expression that stays cheap however large the corpus is."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable

from mm_orch.corpus.document import words_of
from mm_orch.language.script import CJK
from mm_orch.language.stemming import stem
from mm_orch.language.stopwords import stopwords
from mm_orch.retrieval.expansion import concepts

# So many passages are scored for one question at most, unless each of its words is in more of them.
BUDGET = 3000
_MOST_WORDS = 64  # of a question: a pasted text is not counted word by word
_ROOM = 0.5  # share of the budget that must be left for it to be worth looking for more words
_STEM = 3  # letters that the forms of a word share, and that they differ by at most
_SINGLE = re.compile(f"[{CJK}]")
_ALIKE = "SELECT term FROM corpus_vocabulary WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?"
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM corpus_words WHERE corpus_words MATCH ? LIMIT ?)"


def terms(question: str) -> list[str]:
    """The different words of ``question`` as FTS5 strings, in order."""
    found = dict.fromkeys(words_of(question).split()[: _MOST_WORDS * 4])
    return [_term(word) for word in found][:_MOST_WORDS]


def expressions(connection: sqlite3.Connection, question: str, budget: int = BUDGET) -> list[str]:
    """FTS5 expressions for ``question``, to be tried in order until one finds something.

    Passages with any of its words, but the most frequent ones drop out: the rarest first, words are taken while
    their passages together fit ``budget``; where they leave room, other forms, spellings and names of them too.
    Where all are more frequent than that, passages with all of them, then with any; nothing where no word occurs.
    Counting stops at the budget too, so its cost does not grow.
    """
    own = _counted(connection, terms(question), budget)
    kept = _fitting(own, budget)
    if own and not kept:
        everything = [term for term, _ in own]
        return [" AND ".join(everything), " OR ".join(everything)]
    left = budget - sum(count for term, count in own if term in kept)
    if left > budget * _ROOM:
        others = _others(connection, question, {term for term, _ in own})
        kept += _fitting(_counted(connection, others, left), left)
    return [" OR ".join(kept)] if kept else []


def _counted(connection: sqlite3.Connection, wanted: Iterable[str], budget: int) -> list[tuple[str, int]]:
    """The terms that occur, with the number of their passages, the rarest first."""
    counts = ((term, connection.execute(_COUNT, (term, budget + 1)).fetchone()[0]) for term in wanted)
    return sorted(((term, count) for term, count in counts if count), key=lambda each: (each[1], each[0]))


def _fitting(counted: Iterable[tuple[str, int]], budget: int) -> list[str]:
    kept: list[str] = []
    for term, count in counted:
        budget -= count
        if budget < 0:
            break
        kept.append(term)
    return kept


def _others(connection: sqlite3.Connection, question: str, own: Collection[str]) -> list[str]:
    """What else the things that ``question`` asks about may be called in the corpus."""
    vocabulary: set[str] = set()
    for word in words_of(question).split()[:_MOST_WORDS]:
        if word.isascii() and word.isalpha() and word not in stopwords("en"):
            vocabulary |= _near(connection, word, known=_term(word) in own)
    variants = (words_of(other) for concept in concepts(question, vocabulary) for other in concept.variants)
    found = dict.fromkeys(_term(words) for words in variants if words)
    return [term for term in found if term not in own]


def _near(connection: sqlite3.Connection, word: str, *, known: bool) -> set[str]:
    """Words of the corpus that may be forms of ``word``; of an unknown one also those that it may be a slip of."""
    if known:
        root = stem(word)
        begins = [root[: max(_STEM, len(root) - 1)]]  # the last letter may change: happy, happier
        sizes = (_STEM, len(word) + _STEM)
    else:
        begins = sorted(set(word[:2]))
        sizes = (len(word) - _STEM, len(word) + _STEM)
    return {
        str(row[0])
        for first in begins
        for row in connection.execute(_ALIKE, (first, first[:-1] + chr(ord(first[-1]) + 1), *sizes))
    }


def _term(words: str) -> str:
    # A single character is indexed only as the beginning of pairs.
    return f'"{words}"' + ("*" if _SINGLE.fullmatch(words) else "")
