"""Words that say nothing, or little, of what a text is about (``data/stopwords.toml``)."""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "stopwords.toml"


@functools.cache
def stopwords(language: str) -> frozenset[str]:
    """Words that say nothing of what a question is about; ``language`` is ``"en"`` or ``"zh"``."""
    return frozenset(_lists()[language].split())


@functools.cache
def light_words() -> frozenset[str]:
    """Words of both languages that a question can lose without losing its subject."""
    return frozenset(word for words in _lists()["light"].values() for word in words.split())


def without_stopwords(run: str) -> list[str]:
    """The parts of a folded run of Chinese characters between its stopwords."""
    return [part for part in _chinese().split(run) if part]


@functools.cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@functools.cache
def _chinese() -> re.Pattern[str]:
    longest_first = sorted(stopwords("zh"), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first)))
