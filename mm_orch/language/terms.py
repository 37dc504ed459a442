"""The words of a text that carry meaning, in the form in which they are compared, and where they stand."""

from __future__ import annotations

import re

from mm_orch.language.script import CJK
from mm_orch.language.stemming import stem
from mm_orch.language.stopwords import stopwords, without_stopwords
from mm_orch.language.words import pairs

_TOKEN = re.compile(rf"(?P<cjk>[{CJK}]+)|[^\W\d_{CJK}][^\W_{CJK}]*(?:'[^\W_{CJK}]+)*")


def terms(folded: str) -> list[tuple[str, int]]:
    """What carries meaning in a folded text, in order, each with the place where it begins.

    Spaced words come as stems, without stopwords; Chinese or Japanese characters as overlapping pairs between
    stopwords, a single one as itself. Digits are left out.
    """
    found: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(folded):
        at = token.start()
        if token["cjk"]:
            for part in without_stopwords(token.group()):
                at = folded.index(part, at)
                found += [(pair, at + offset) for offset, pair in enumerate(pairs(part))]
                at += len(part)
        elif token.group() not in stopwords("en"):
            found.append((stem(token.group().removesuffix("'s")), at))
    return found
