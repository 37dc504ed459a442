"""Sentences that a person reads, by key: one catalogue a language, ``en.json`` and ``zh.json``."""

from __future__ import annotations

import difflib
import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence before its language is known: ``key`` and the values to put in, sentences or errors among them."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

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


def nearest(name: str, known: Iterable[str]) -> Sentence:
    """A hint for a name that does not exist: the nearest known one, and all of them."""
    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    key = "hint.nearest" if near else "hint.known"
    return Sentence(key, {"near": near[0] if near else "", "known": ", ".join(known)})


def as_json(value: object) -> Any:
    """A value of a sentence as JSON: mappings and sentences stay what they are, what JSON has not becomes text."""
    value = getattr(value, "sentence", value)
    if isinstance(value, Sentence):
        return {"said": value.key, "values": as_json(value.values)}
    if isinstance(value, Mapping):
        return {str(name): as_json(one) for name, one in value.items()}
    return value if value is None or isinstance(value, str | int | float) else str(value)


def of_json(value: Any) -> Any:
    """The value that ``as_json`` described."""
    if not isinstance(value, Mapping):
        return value
    values = {name: of_json(one) for name, one in value.items()}
    return Sentence(values["said"], values["values"]) if values.keys() == {"said", "values"} else values
