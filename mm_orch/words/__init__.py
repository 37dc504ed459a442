"""Sentences that a person reads, by key: one catalogue a language, ``en.json`` and ``zh.json``."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path

LANGUAGES = ("en", "zh")


def say(key: str, language: str, **values: object) -> str:
    """The sentence called ``key`` in ``language`` (``"zh"``, else English), with ``values`` put in."""
    return catalogue("zh" if language == "zh" else "en")[key].format(**values)


@functools.cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of ``"en"`` or ``"zh"``; ``{name}`` in them is where a value goes."""
    found: dict[str, str] = json.loads((Path(__file__).parent / f"{language}.json").read_text(encoding="utf-8"))
    return found
