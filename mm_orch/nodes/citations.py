"""Numbers in brackets that stand for sources: those that name none are taken out, also while text streams."""

from __future__ import annotations

import re
from collections.abc import Collection

_CITATION = re.compile(r"[ \t]?[\[【]\s*(?P<numbers>\d{1,4}(?:\s*[,，、]\s*\d{1,4})*)\s*[\]】]")
_BEGUN = re.compile(r"[ \t]?(?:[\[【][\d\s,，、]{0,40})?\Z")


class CitationFilter:
    """Feed it text in pieces; what comes out, joined, is the same whatever the pieces.

    ``removed`` are the numbers that named no source, in the order met.
    """

    def __init__(self, known: Collection[int]) -> None:
        self._known = known
        self._held = ""
        self._in_code = False
        self.removed: list[int] = []

    def feed(self, piece: str) -> str:
        """The text that is sure by now; what may be the beginning of a citation is held back."""
        text = self._held + piece
        begun = _BEGUN.search(text)
        at = begun.start() if begun else len(text)
        self._held = text[at:]
        return self._filtered(text[:at])

    def close(self) -> str:
        """What was held back at the end."""
        rest, self._held = self._held, ""
        return self._filtered(rest)

    def _filtered(self, text: str) -> str:
        kept = _CITATION.sub(self._kept, text)
        self._in_code ^= text.count("`") % 2 == 1
        return kept

    def _kept(self, match: re.Match[str]) -> str:
        # A number in brackets inside code is an index.
        if self._in_code ^ (match.string[: match.start()].count("`") % 2 == 1):
            return match.group()
        numbers = [int(number) for number in re.findall(r"\d+", match["numbers"])]
        good = [number for number in numbers if number in self._known]
        self.removed += [number for number in numbers if number not in self._known]
        if len(good) == len(numbers):
            return match.group()
        space = match.group()[0] if match.group()[0] in " \t" else ""
        return f"{space}[{', '.join(map(str, good))}]" if good else ""
