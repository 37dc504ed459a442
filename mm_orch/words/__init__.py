"""Sentences that a person reads, by key: one catalogue a language, ``en.json`` and ``zh.json``."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence before its language is known: ``key`` and the values to put in, sentences or errors among them."""

    key: str
    values: Mapping[str, object]

    def said(self, language: str) -> str:
        """It in ``language``, as ``say`` does."""
        return say(self.key, language, **self.values)

    def __str__(self) -> str:
        return self.said("en")


def say(key: str, language: str, /, **values: object) -> str:
    """The sentence called ``key`` in ``language`` (``"zh"``, else English), with ``values`` put in.

    A value that has a language of its own to choose (a ``Sentence``, an error) is said in the same one.
    """
    said = {name: value.said(language) if hasattr(value, "said") else value for name, value in values.items()}
    return catalogue("zh" if language == "zh" else "en")[key].format(**said)


@functools.cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of ``"en"`` or ``"zh"``; ``{name}`` in them is where a value goes."""
    found: dict[str, str] = json.loads((Path(__file__).parent / f"{language}.json").read_text(encoding="utf-8"))
    return found
