"""What a sentence denies: the words that stand in the reach of a not, never, 不, 没有."""

from __future__ import annotations

import re
from collections.abc import Sequence

_REACH = 4  # words behind a negation that it denies, at most
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|cannot|without|hardly|unable|fails? to|failed to)\b|n't\b"
    r"|不(?!同|断|仅|过|久|但|少|只|光|论|管|锈|一定|得不|可或缺)|没有?(?!收|落)|未(?!来)|无(?!论|线|数|穷|机|人|疑)"
    r"|非(?!常|洲|凡|遗)|并非|从未|毫无|否"
)
# "not only" and 不是唯一 deny nothing of what follows.
_ONLY = re.compile(r"not only|no less|no fewer|nothing but")
_CLAUSE_END = re.compile(r"[,;:.!?，；：。！？、()（）]|\b(?:but|and|while|whereas|although)\b|但|而")


def negations(folded: str) -> list[tuple[int, int]]:
    """Where each negation stands in a folded text, and where the clause ends that it denies."""
    only = {match.start() for match in _ONLY.finditer(folded)}
    found = []
    for match in _NEGATION.finditer(folded):
        if match.start() not in only:
            end = _CLAUSE_END.search(folded, match.end())
            found.append((match.end(), end.start() if end else len(folded)))
    return found


def denied(units: Sequence[tuple[str, int]], spans: Sequence[tuple[int, int]]) -> frozenset[str]:
    """Of ``units`` (with their places) those within reach of the negations at ``spans``."""
    found: list[str] = []
    for start, end in spans:
        found += [unit for unit, at in units if start <= at < end][:_REACH]
    return frozenset(found)
