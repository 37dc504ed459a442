"""The wording of a request without its topic: runs of one to three tokens, in which a rare word is any word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from mm_orch.routing.request import NUMBER, QUOTE, Part

TOPIC, START, END = "□", "^", "$"

_KNOWN_FROM = 3  # a token in fewer texts than this is a topic; from 2 to 6 the dev half differs in 2 answers
_SHORTEST_MISSPELT = 4  # letters; in shorter words a slip mostly makes another word


class Patterns:
    """Knows the words that several of ``texts`` share; everything else is a topic to it."""

    def __init__(self, texts: Iterable[Sequence[Part]]) -> None:
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update({token for part in text for token in part.tokens})
        self._known = {token for token, times in seen.items() if times >= _KNOWN_FROM} | {QUOTE, NUMBER, "?"}
        self._meant = _misspellings(self._known)

    def of(self, text: Sequence[Part]) -> dict[str, float]:
        """Each pattern of ``text`` with the weight of the part it stands in."""
        found: dict[str, float] = {}
        for part in text:
            for pattern in self._of(part.tokens):
                if found.get(pattern, 0.0) < part.weight:
                    found[pattern] = part.weight
        return found

    def spelt(self, token: str) -> str:
        """The known word that ``token`` is one slip of the fingers away from; else ``token``."""
        return token if token in self._known else self._meant.get(token, token)

    def _of(self, tokens: Sequence[str]) -> list[str]:
        found = [f"<length {min(6, len(tokens) // 2)}>"]
        before = last = START
        two = ""
        for token in (*map(self.spelt, tokens), END):
            if token not in self._known and token != END:
                found.append(token)
                if last == TOPIC:
                    continue
                token = TOPIC
            found.append(token)
            if two:
                found.append(f"{before} {last} {token}")
            two = f"{last} {token}"
            found.append(two)
            before, last = last, token
        return found


def _misspellings(known: Iterable[str]) -> dict[str, str]:
    """Known words by what they become when a letter after the first is lost, or two are swapped."""
    meant: dict[str, str] = {}
    for word in sorted(known):
        if len(word) < _SHORTEST_MISSPELT or not word.isalpha():
            continue
        for i in range(1, len(word)):
            meant.setdefault(word[:i] + word[i + 1 :], word)
            meant.setdefault(word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :], word)
    return meant
