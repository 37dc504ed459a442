"""Evidence of a classifier as words that a person would quote."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mm_orch.text.classifier import PHRASE
from mm_orch.text.patterns import TOPIC
from mm_orch.text.phrases import END, START, bare
from mm_orch.text.request import NUMBER, QUOTE
from mm_orch.text.script import HAN, KANA

_LEAST = 0.15  # nats: below this a piece of wording decided nothing
_MOST_WORDS = 3
_SHOWN = {TOPIC: "…", QUOTE: "“…”", NUMBER: "0–9", START: "", END: ""}
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}{KANA}…]) (?=[{HAN}{KANA}…?])")
_LETTER = re.compile(r"\w")


def deciding(chosen: Mapping[str, float], against: Mapping[str, float]) -> list[str]:
    """The wording that spoke most for ``chosen`` and less for ``against``, strongest first; perhaps none."""
    gains = {name: value - against.get(name, 0.0) for name, value in chosen.items()}
    kept: list[str] = []
    for name, gain in sorted(gains.items(), key=lambda item: (-item[1], item[0])):
        shown = _shown(name)
        if gain < _LEAST or len(kept) == _MOST_WORDS:
            break
        if shown and not any(shown in other for other in kept):
            kept = [other for other in kept if other not in shown] + [shown]
    return kept


def _shown(name: str) -> str:
    """``name`` as written text; empty for what is no wording, such as a length or a topic alone."""
    if name.startswith(PHRASE):
        return bare(name.removeprefix(PHRASE)).replace("...", "…")
    if name.startswith("<length"):
        return ""
    words = [_SHOWN.get(word, word) for word in name.split(" ")]
    text = _BETWEEN_HAN.sub("", " ".join(word for word in words if word))
    return text if _LETTER.search(text.replace("0–9", "")) else ""
