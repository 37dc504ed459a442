"""What a question asks about: its words without those that only ask."""

from __future__ import annotations

from mm_orch.language.folding import fold
from mm_orch.language.script import has_cjk, runs
from mm_orch.language.stopwords import stopwords, without_stopwords
from mm_orch.language.words import words


def content_words(question: str) -> list[str]:
    """The different words of ``question`` that say what it is about, in order: as ``words`` writes them.

    When it has only words that ask, there is none.
    """
    found = [word for part in content_parts(question) for word in (words(part) if has_cjk(part) else (part,))]
    return list(dict.fromkeys(found))


def content_parts(question: str) -> list[str]:
    """As ``content_words``, but Chinese as it stands between the words that ask, not in pairs."""
    found: list[str] = []
    for run in runs(fold(question)):
        if has_cjk(run):
            found += without_stopwords(run)
        else:
            found += [word for word in words(run) if word not in stopwords("en")]
    return list(dict.fromkeys(found))
