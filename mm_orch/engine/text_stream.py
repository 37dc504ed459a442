"""Bytes of tokens into text that may be shown: whole characters, nothing of a stop string."""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class TextStream:
    """Push bytes, get the text that is safe to show. ``stopped`` once a stop string was seen."""

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stops = tuple(stops)
        self._held = ""
        self.text = ""
        self.stopped = False

    def push(self, data: bytes) -> str:
        """Take the bytes of a token; returns what can be shown now, maybe nothing."""
        return self._take(self._decoder.decode(data), last=False)

    def finish(self) -> str:
        """The rest, once no more bytes come; a character of which bytes are missing is left out."""
        return self._take("", last=True)

    def _take(self, new: str, *, last: bool) -> str:
        if self.stopped:
            return ""
        self._held += new
        ends = [place for stop in self._stops if (place := self._held.find(stop)) >= 0]
        if ends:
            self.stopped = True
            return self._show(min(ends))
        return self._show(len(self._held) if last else len(self._held) - self._at_risk())

    def _at_risk(self) -> int:
        """How many characters at the end may be the beginning of a stop string."""
        longest = max((len(stop) - 1 for stop in self._stops), default=0)
        for size in range(min(longest, len(self._held)), 0, -1):
            tail = self._held[-size:]
            if any(stop.startswith(tail) for stop in self._stops):
                return size
        return 0

    def _show(self, end: int) -> str:
        shown, self._held = self._held[:end], self._held[end:]
        self.text += shown
        return shown
