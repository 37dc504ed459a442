"""What is sent to a search engine for a question: the question, or on a further try other words."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mm_orch.language.content_words import content_parts, content_words
from mm_orch.language.script import has_cjk
from mm_orch.language.sentences import sentences
from mm_orch.retrieval.synonyms import synonyms

_LONGEST = 300  # characters: search engines refuse or ignore more
_MOST_OTHERS = 2  # synonyms of one word


def search_words(question: str) -> str:
    """``question``, or the one of its sentences that asks where it is too long for a search engine."""
    line = " ".join(question.split())
    if len(line) <= _LONGEST:
        return line
    parts = [part.strip() for part in sentences(line)]
    asking = [part for part in parts if part.endswith(("?", "？")) and len(part) <= _LONGEST]
    return asking[-1] if asking else line[:_LONGEST].rsplit(" ", 1)[0]


def other_words(question: str, missing: Iterable[str], asked: Collection[str], also: str = "") -> str:
    """Keywords for another try: the ``missing`` ones first with what else they are called, then the others.

    ``also`` are words that somebody brought. Never one of ``asked`` unless the question leaves no choice.
    """
    parts = content_parts(question)
    lacking = set(missing)
    first = [part for part in parts if part in lacking or lacking & set(content_words(part))]
    rest = [part for part in parts if part not in first]
    tries = (
        [*_with_synonyms(first), *rest, *also.split()],
        [*first, *rest],
        [*_with_synonyms(rest), *first],
    )
    queries = [" ".join(dict.fromkeys(words))[:_LONGEST].strip() for words in tries]
    return next((query for query in queries if query and query not in asked), question[:_LONGEST])


def _with_synonyms(parts: Iterable[str]) -> list[str]:
    found: list[str] = []
    for part in parts:
        same = [other for other in synonyms(part) if has_cjk(other) == has_cjk(part)]
        found += [part, *same[:_MOST_OTHERS]]
    return found
