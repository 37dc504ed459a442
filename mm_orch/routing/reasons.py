"""Why a query went where it went: evidence of the classifier as words that a person would quote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from mm_orch.language.script import HAN, KANA
from mm_orch.records.route import Alternative
from mm_orch.routing.classifier import PHRASE
from mm_orch.routing.patterns import TOPIC
from mm_orch.routing.phrases import END, START, bare
from mm_orch.routing.request import NUMBER, QUOTE
from mm_orch.words import say

_LEAST = 0.15  # nats: below this a piece of wording decided nothing
_MOST_WORDS = 3
_OPEN = 0.25  # a runner-up with this confidence is named in the reason
_SHOWN = {TOPIC: "…", QUOTE: "“…”", NUMBER: "…", START: "", END: ""}
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}{KANA}…]) (?=[{HAN}{KANA}…?])")
_VARIABLE = re.compile(r"\.\.\.|\d+")
_LETTERS = re.compile(rf"[{HAN}{KANA}]|[^\W\d_{HAN}{KANA}]+")


def deciding(chosen: Mapping[str, float], against: Mapping[str, float]) -> list[str]:
    """The wording that spoke most for ``chosen`` and less for ``against``, strongest first; perhaps none.

    Phrases if there were any, else patterns of several words, else single words.
    """
    gains = {name: value - against.get(name, 0.0) for name, value in chosen.items()}
    ranked = sorted((name for name in gains if gains[name] >= _LEAST), key=lambda name: (-gains[name], name))
    for kind in (_phrase, _pattern, _shown):
        kept = _distinct(filter(None, map(kind, ranked)))
        if kept:
            return kept
    return []


def _distinct(shown: Iterable[str]) -> list[str]:
    """The first of ``shown``, each but once and none that lies within another."""
    kept: list[str] = []
    for piece in shown:
        if not any(piece in other for other in kept):
            kept = [other for other in kept if other not in piece] + [piece]
        if len(kept) == _MOST_WORDS:
            break
    return kept


def _phrase(name: str) -> str:
    """The phrase; a number in it stands for any number."""
    return _VARIABLE.sub("…", bare(name.removeprefix(PHRASE))) if name.startswith(PHRASE) else ""


def _pattern(name: str) -> str:
    return _shown(name) if len(_LETTERS.findall(name)) > 1 else ""


def _shown(name: str) -> str:
    """A pattern as it is written; empty for what is no wording, such as a length or a topic alone."""
    if name.startswith((PHRASE, "<length")):
        return ""
    words = [_SHOWN.get(word, word) for word in name.split(" ")]
    shown = _BETWEEN_HAN.sub("", " ".join(word for word in words if word)).strip("… ")
    return shown if _LETTERS.search(shown) else ""


def reason(language: str, name: str, decided: Iterable[str], runner_up: Sequence[Alternative]) -> str:
    """A sentence: the ``decided`` wording points to ``name``, and whether ``runner_up`` came close."""
    quoted = say("route.and", language).join(say("route.quote", language, word=word) for word in decided)
    told = say("route.words" if quoted else "route.nothing", language, words=quoted, name=name)
    if runner_up and runner_up[0].confidence >= _OPEN:
        told += say("route.open", language, name=runner_up[0].workflow)
    return told
