"""What a question asks about: its words without those that only ask."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from pathlib import Path

from mm_orch.language.script import CJK, simplified
from mm_orch.language.segments import words

_DATA = Path(__file__).parent / "data"
_RUN = re.compile(rf"[{CJK}]+|[^{CJK}]+")
_HAN = re.compile(rf"[{CJK}]")


def folded(text: str) -> str:
    """``text`` as it is compared: one width, one case, simplified characters."""
    return simplified(unicodedata.normalize("NFKC", text)).casefold().replace("’", "'")


def content_words(question: str) -> list[str]:
    """The different words of ``question`` that say what it is about, in order: as ``segments.words`` writes them.

    When it has only words that ask, there is none.
    """
    found = [word for part in content_parts(question) for word in (words(part) if has_han(part) else (part,))]
    return list(dict.fromkeys(found))


def content_parts(question: str) -> list[str]:
    """As ``content_words``, but Chinese as it stands between the words that ask, not in pairs."""
    found: list[str] = []
    for run in _RUN.findall(folded(question)):
        own = chinese_parts(run) if has_han(run) else [word for word in words(run) if word not in stopwords("en")]
        found += own
    return list(dict.fromkeys(found))


def has_han(text: str) -> bool:
    """Whether ``text`` has Chinese or Japanese characters."""
    return _HAN.search(text) is not None


def chinese_parts(run: str) -> list[str]:
    """A run of folded Chinese characters without words that ask or only join."""
    return [part for part in _asking().split(run) if part]


@functools.cache
def stopwords(language: str) -> frozenset[str]:
    """Words that say nothing of what a question is about; ``language`` is ``"en"`` or ``"zh"``."""
    document = json.loads((_DATA / "stopwords.json").read_text(encoding="utf-8"))
    return frozenset(document[language].split())


@functools.cache
def _asking() -> re.Pattern[str]:
    longest_first = sorted(stopwords("zh"), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first)))
