"""How much of what a question asks about some passages hold at all, by its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mm_orch.language.content_words import content_parts
from mm_orch.language.folding import fold
from mm_orch.language.script import has_cjk
from mm_orch.language.stopwords import light_words
from mm_orch.language.words import spaced_words
from mm_orch.records.passage import Passage
from mm_orch.retrieval.expansion import Concept

_LIGHT = 0.25  # of 0.1, 0.25, 0.5 and 1 what best tells answerable questions of the dev half from the others


@dataclass(frozen=True, slots=True)
class Coverage:
    """``share`` of what a question asks about that passages hold, 0..1, and the words that they lack."""

    share: float
    missing: tuple[str, ...]


def coverage(question: str, asked: Sequence[Concept], passages: Iterable[Passage]) -> Coverage:
    """How far ``passages`` hold what ``question`` asks about, under any name that ``asked`` knows.

    Words that say little of the subject count little; Chinese counts by the characters that stand in
    a word or a pair that is there. A question with no content word is covered.
    """
    held = _Held("\n".join(f"{each.title}\n{each.heading}\n{each.text}" for each in passages))
    known = {each.word: each.variants for each in asked}
    total = found = 0.0
    missing: list[str] = []
    for part in content_parts(question):
        for word, weight, share in _chinese(part, known, held) if has_cjk(part) else [_spaced(part, known, held)]:
            total += weight
            found += weight * share
            if share < 1 and weight > _LIGHT:
                missing.append(word)
    return Coverage(found / total if total else 1.0, tuple(dict.fromkeys(missing)))


class _Held:
    """What some text has in it, under the same folding as questions."""

    def __init__(self, text: str) -> None:
        self._text = fold(text)
        self._words = set(spaced_words(self._text))

    def _has(self, variant: str) -> bool:
        return variant in (self._text if has_cjk(variant) or " " in variant else self._words)

    def any_of(self, variants: Iterable[str]) -> bool:
        """Whether one of ``variants`` is there: a word as a word, Chinese and phrases anywhere."""
        return any(map(self._has, variants))


def _spaced(word: str, known: Mapping[str, Iterable[str]], held: _Held) -> tuple[str, float, float]:
    return word, _LIGHT if word in light_words() else 1.0, float(held.any_of(known.get(word, [word])))


def _chinese(part: str, known: Mapping[str, Iterable[str]], held: _Held) -> list[tuple[str, float, float]]:
    """The stretches of ``part`` that are there and those that are not, each with its weight in pairs."""
    there = [False] * len(part)
    for size in range(2, 7):
        for start in range(len(part) - size + 1):
            word = part[start : start + size]
            if word in known and held.any_of(known[word]):
                there[start : start + size] = [True] * size
    if len(part) == 1:
        there = [held.any_of([part])]
    for word in light_words():
        start = part.find(word) if has_cjk(word) else -1
        if start >= 0 and not any(there[start : start + len(word)]):
            there[start : start + len(word)] = [True] * len(word)
    found: list[tuple[str, float, float]] = []
    start = 0
    for end in range(1, len(part) + 1):
        if end == len(part) or there[end] != there[start]:
            lone = end - start == 1 and len(part) > 1 and not there[start]
            found.append((part[start:end], 0.25 if lone else (end - start) / 2, float(there[start])))
            start = end
    return found
