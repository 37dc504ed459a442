"""Words that another was probably meant to be: a few slips of the fingers away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

_SHORTEST = 4  # letters: shorter words are like too many others
_LONG = 8  # letters: shorter words begin alike, but for a slip there


def slips_allowed(word: str) -> int:
    """How many slips a word of this length may have: 0 to 2."""
    return 0 if len(word) < _SHORTEST or not word.isalpha() else 1 if len(word) < 7 else 2


def near_words(word: str, vocabulary: Iterable[str]) -> dict[str, int]:
    """Words of ``vocabulary`` by their distance from ``word``, those with the smallest only; 1 or 2."""
    most = slips_allowed(word)
    found: dict[str, int] = {}
    letters = Counter(word)
    for other in vocabulary:
        if abs(len(other) - len(word)) > most or len(other) < _SHORTEST or not other.isalpha():
            continue
        # Most words are told apart by their letters alone, without counting slips.
        if len(word) < _LONG and other[0] != word[0] and other[1:2] != word[1:2] and other[:1] != word[1:2]:
            continue
        shared = sum((letters & Counter(other)).values())
        if max(len(word), len(other)) - shared > most:
            continue
        slips = distance(word, other, most)
        if slips <= most:
            found[other] = slips
            most = min(most, max(slips, 1))
    return {other: slips for other, slips in found.items() if slips <= most}


def distance(one: str, other: str, most: int) -> int:
    """Letters added, left out, replaced or swapped with their neighbour; ``most + 1`` for more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, before, row = before, row, [i]
        for j, match in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != match))
            if above and i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == match:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
