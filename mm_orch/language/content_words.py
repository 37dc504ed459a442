"""What a text is about: its words without those that only ask or join."""

from __future__ import annotations

from mm_orch.language.folding import fold
from mm_orch.language.script import has_cjk, runs
from mm_orch.language.stemming import stem
from mm_orch.language.stopwords import stopwords, without_stopwords
from mm_orch.language.words import words


def content_words(text: str) -> list[str]:
    """The different words of ``text`` that say what it is about, in order: as ``words`` writes them.

    When it has only stopwords, there is none.
    """
    found = [word for part in content_parts(text) for word in (words(part) if has_cjk(part) else (part,))]
    return list(dict.fromkeys(found))


def content_parts(text: str) -> list[str]:
    """As ``content_words``, but Chinese as it stands between the stopwords, not in pairs."""
    found: list[str] = []
    for run in runs(fold(text)):
        if has_cjk(run):
            found += without_stopwords(run)
        else:
            found += [word for word in words(run) if word not in stopwords("en")]
    return list(dict.fromkeys(found))


def terms(text: str) -> frozenset[str]:
    """The content words of ``text`` as they are compared: English as stems; numbers are left out."""
    return frozenset(stem(word) for word in content_words(text) if not word[0].isdigit())
