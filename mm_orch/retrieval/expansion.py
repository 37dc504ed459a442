"""What the things that a question asks about may be called in the texts at hand."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mm_orch.language.folding import fold
from mm_orch.language.script import has_cjk, runs
from mm_orch.language.spelling import near_words
from mm_orch.language.stemming import stem
from mm_orch.language.stopwords import stopwords, without_stopwords
from mm_orch.language.words import words
from mm_orch.retrieval.synonyms import known_words, synonyms

# Weights of what may stand for a word: the same stem, a longer, misspelt or joined word, a synonym. By the mean
# reciprocal rank on the dev half of the question sets 0.7 and 1.0 are worse for _STEM, 0.25 for _SYNONYM; the rest
# hardly matters.
_STEM, _NEAR, _SYNONYM = 0.9, 0.8, 0.5
_LONGEST_WORD = 6  # characters of a Chinese word that may be in the list of synonyms


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a question asks about: its ``word`` and what else may stand for it, with weights in 0..1."""

    word: str
    variants: dict[str, float] = field(default_factory=dict)


def concepts(question: str, vocabulary: Collection[str]) -> list[Concept]:
    """The things that ``question`` asks about, in order; ``vocabulary`` are the spaced words of the texts.

    Spaced words come with other forms, spellings and compounds out of ``vocabulary``, and with synonyms in both
    languages; Chinese as pairs of characters, and as words where the list of synonyms has them.
    """
    found: dict[str, Concept] = {}
    for run in runs(fold(question)):
        for concept in _chinese(run) if has_cjk(run) else _spaced(run, vocabulary):
            found.setdefault(concept.word, concept)
    return list(found.values())


def _spaced(run: str, vocabulary: Collection[str]) -> Iterator[Concept]:
    asked = words(run)
    for at, word in enumerate(asked):
        if word in stopwords("en") or _slipped_stopword(word, vocabulary):
            continue
        variants = {word: 1.0}
        joined = [word + after for after in asked[at + 1 : at + 2]] + [
            before + word for before in asked[at - 1 : at]
        ]
        for other in joined:
            if other in vocabulary:
                variants.setdefault(other, _NEAR)
        yield Concept(word, _grown(word, variants, vocabulary))


def _slipped_stopword(word: str, vocabulary: Collection[str]) -> bool:
    unknown = word not in vocabulary and word not in known_words()
    return unknown and bool(near_words(word, stopwords("en"))) and not near_words(word, known_words())


def _grown(word: str, variants: dict[str, float], vocabulary: Collection[str]) -> dict[str, float]:
    for other, weight in _forms(word, vocabulary):
        variants.setdefault(other, weight)
    roots = [word, *_bases().get(stem(word), ())]
    if word not in vocabulary and len(variants) == 1 and len(roots) == 1:
        slips = near_words(word, vocabulary) or near_words(word, known_words())
        roots += slips
        for other, count in slips.items():
            variants.setdefault(other, _NEAR / count)
    for root in roots:
        for other in synonyms(root):
            variants.setdefault(other, _SYNONYM)
            for form, weight in _forms(other, vocabulary):
                variants.setdefault(form, _SYNONYM * weight)
    return variants


def _forms(word: str, vocabulary: Collection[str]) -> Iterator[tuple[str, float]]:
    """Words of the texts with the same stem, or that go on where ``word`` ends, and ``word`` in two parts."""
    if has_cjk(word) or " " in word or not word.isalpha() or len(word) < 3:
        return
    mine = stem(word)
    for other in (other for other in vocabulary if other.startswith(word[:3])):
        if other != word and stem(other) == mine:
            yield other, _STEM
        elif other != word and other.startswith(word) and len(word) > 3 and len(other) - len(word) <= 3:
            yield other, _NEAR
    for cut in range(3, len(word) - 2):
        if word[:cut] in vocabulary and word[cut:] in vocabulary:
            yield f"{word[:cut]} {word[cut:]}", _NEAR


def _chinese(run: str) -> Iterator[Concept]:
    for part in without_stopwords(run):
        for word in words(part):
            yield Concept(word, {word: 1.0} | dict.fromkeys(synonyms(word), _SYNONYM))
    for start in range(len(run)):
        for size in range(2, _LONGEST_WORD + 1):
            word = run[start : start + size]
            if len(word) == size and (size > 2 or len(run) > 2) and synonyms(word):
                yield Concept(word, {word: 1.0} | dict.fromkeys(synonyms(word), _SYNONYM))


@functools.cache
def _bases() -> Mapping[str, Sequence[str]]:
    """The spaced words that synonyms are known of, by their stems."""
    found: dict[str, list[str]] = {}
    for word in sorted(known_words()):
        if not has_cjk(word):
            found.setdefault(stem(word), []).append(word)
    return found
