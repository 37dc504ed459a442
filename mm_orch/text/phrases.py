"""Phrases that point to a label, found in a request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mm_orch.text.request import Part, tokens

START, END = "^", "$"

_GAP = 40  # characters that "..." in a phrase may stand for
_ELLIPSIS = re.compile(r"\.\.\.|…")


@dataclass(frozen=True, slots=True)
class _Phrase:
    label: str
    text: str
    first: tuple[str, ...]
    rest: re.Pattern[str] | None


class Phrases:
    """Finds phrases: ``^`` before one ties it to the request's start, ``$`` after to its end, ``...`` is a gap."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._by_word: dict[str, list[_Phrase]] = {}
        for label, listed in phrases.items():
            for text in listed:
                phrase = _parse(label, text)
                if phrase:
                    self._by_word.setdefault(phrase.first[0], []).append(phrase)

    def found(self, text: Sequence[Part], spelt: Callable[[str], str] = str) -> dict[str, list[str]]:
        """Per label its phrases in ``text``, longest first; of those that overlap only the longest."""
        found: dict[str, list[str]] = {}
        for part in text:
            if part.weight == 1.0:
                words = (START, *map(spelt, part.tokens), END)
                for label, phrase in _longest(self._matches(words)):
                    if phrase not in found.setdefault(label, []):
                        found[label].append(phrase)
        return found

    def _matches(self, words: tuple[str, ...]) -> Iterable[tuple[_Phrase, range]]:
        spaced = ""
        for start, word in enumerate(words):
            for phrase in self._by_word.get(word, ()):
                end = start + len(phrase.first)
                if words[start:end] != phrase.first:
                    continue
                if phrase.rest is None:
                    yield phrase, range(start, end)
                else:
                    spaced = spaced or _spaced(words)
                    if phrase.rest.search(spaced):
                        yield phrase, range(0)


def bare(phrase: str) -> str:
    """``phrase`` as a person would quote it."""
    return phrase.strip().removeprefix(START).removesuffix(END).strip()


def _parse(label: str, text: str) -> _Phrase | None:
    pieces = [words for words in map(_anchored, _ELLIPSIS.split(text)) if words]
    if len(pieces) < 2:
        return _Phrase(label, text, pieces[0], None) if pieces else None
    gap = f".{{0,{_GAP}}}?"
    return _Phrase(label, text, pieces[0], re.compile(gap.join(re.escape(_spaced(piece)) for piece in pieces)))


def _anchored(piece: str) -> tuple[str, ...]:
    """The tokens of ``piece``, with the marks of start and end if it is tied to them."""
    piece, words = piece.strip(), tokens(bare(piece))
    if not words:
        return ()
    return (*([START] if piece.startswith(START) else []), *words, *([END] if piece.endswith(END) else []))


def _spaced(words: Iterable[str]) -> str:
    return "".join(f" {word} " for word in words)


def _longest(matches: Iterable[tuple[_Phrase, range]]) -> Iterable[tuple[str, str]]:
    ranked = sorted(matches, key=lambda match: (-len(bare(match[0].text)), match[0].text))
    taken: dict[str, set[int]] = {}
    for phrase, span in ranked:
        places = taken.setdefault(phrase.label, set())
        if places.isdisjoint(span):
            places.update(span)
            yield phrase.label, phrase.text
