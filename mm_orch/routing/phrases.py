"""Phrases that point to a label, found in a request.

They carry what no example shows. Right on the dev half are 242 of 248 English and 248 of 249 Chinese queries with
all of them, 236 and 244 with those alone that stand in an example or in another fold of the queries
(``python -m benchmarks.router --half dev --met-phrases``), 219 and 244 with none (``--without-phrases``). Leaving
out phrases that do harm in four folds makes the log loss on the fifth no lower.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mm_orch.language.folding import fold
from mm_orch.routing.request import Part, tokens

START, END = "^", "$"

_GAP = 12  # tokens that "..." in a phrase may stand for; from 3 to 24 the dev half is answered alike

_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    label: str
    text: str
    pieces: tuple[_Words, ...]

    def at(self, words: _Words, start: int) -> Sequence[int] | None:
        """The places of ``words`` that the phrase takes if it begins at ``start``; one with a gap takes none."""
        first, *others = self.pieces
        end = start + len(first)
        if words[start:end] != first:
            return None
        for piece in others:
            tries = range(end, min(end + _GAP + 1, len(words)))
            end = next((place + len(piece) for place in tries if words[place : place + len(piece)] == piece), 0)
            if not end:
                return None
        return () if others else range(start, end)


class Phrases:
    """Finds phrases: ``^`` before one ties it to the request's start, ``$`` after to its end, ``...`` is a gap."""

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        self._by_start: dict[_Words, list[_Phrase]] = {}
        self._words: set[str] = set()
        for label, listed in phrases.items():
            for text in listed:
                pieces = tuple(words for words in map(_anchored, fold(text).split("...")) if words)
                self._words.update(word for piece in pieces for word in piece)
                if pieces:
                    self._by_start.setdefault(pieces[0][:2], []).append(_Phrase(label, text, pieces))

    def found(self, text: Sequence[Part], spelt: Callable[[str], str] = str) -> dict[str, list[str]]:
        """Per label its phrases in ``text``, longest first; of those that overlap only the longest."""
        found: dict[str, list[str]] = {}
        for part in text:
            if part.weight == 1.0:
                asked = part.tokens[:-1] if part.tokens[-1] == "?" else part.tokens
                meant = (word if word in self._words else spelt(word) for word in asked)
                words = (START, *meant, END)
                for label, phrase in _longest(self._matches(words)):
                    if phrase not in found.setdefault(label, []):
                        found[label].append(phrase)
        return found

    def _matches(self, words: _Words) -> Iterable[tuple[_Phrase, Sequence[int]]]:
        for start in range(len(words)):
            for size in (1, 2):
                for phrase in self._by_start.get(words[start : start + size], ()):
                    places = phrase.at(words, start)
                    if places is not None:
                        yield phrase, places


def bare(phrase: str) -> str:
    """``phrase`` as a person would quote it."""
    return phrase.strip().removeprefix(START).removesuffix(END).strip()


def _anchored(piece: str) -> _Words:
    """The tokens of ``piece``, with the marks of start and end if it is tied to them."""
    piece = piece.strip()
    words = tokens(piece.removeprefix(START).removesuffix(END))
    if words and piece.startswith(START):
        words = (START, *words)
    return (*words, END) if words and piece.endswith(END) else words


def _longest(matches: Iterable[tuple[_Phrase, Sequence[int]]]) -> Iterable[tuple[str, str]]:
    ranked = sorted(matches, key=lambda match: (-len(bare(match[0].text)), match[0].text))
    taken: dict[str, set[int]] = {}
    for phrase, places in ranked:
        if taken.setdefault(phrase.label, set()).isdisjoint(places):
            taken[phrase.label].update(places)
            yield phrase.label, phrase.text
