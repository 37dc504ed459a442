"""What a sentence denies: the words in the reach of a not, never, 不, 没有, and those that say the contrary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from mm_orch.language import stems

_REACH = 4  # words behind a negation that it denies, at most
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|cannot|without|hardly|unable|fails? to|failed to)\b|n't\b"
    r"|不(?!同|断|仅|过|久|但|少|只|光|论|管|锈|一定|得不|可或缺)|没有?(?!收|落)|未(?!来)|无(?!论|线|数|穷|机|人|疑)"
    r"|非(?!常|洲|凡|遗)|并非|从未|毫无|否"
)
# "not only" and 不是唯一 deny nothing of what follows.
_ONLY = re.compile(r"not only|no less|no fewer|nothing but")
# What one side says, the other denies.
_OPPOSITES = (
    ("open", "close shut"),
    ("rise increase grow climb raise", "fall decrease drop decline shrink reduce lowered"),
    ("begin", "end finish"),
    ("win", "lose"),
    ("buy", "sell"),
    ("visit arrive enter", "leave depart"),
    ("accept approve", "reject refuse"),
    ("succeed", "fail"),
    ("legal", "illegal"),
    ("safe", "unsafe dangerous"),
    ("possible", "impossible"),
    ("import", "export"),
    ("male", "female"),
    ("husband", "wife"),
    ("father", "mother"),
    ("son", "daughter"),
    ("new young", "old"),
    ("rich", "poor"),
    ("warm hot", "cold cool"),
    ("dry", "wet"),
    ("cheap", "expensive"),
    ("summer", "winter"),
    ("morning", "evening"),
    ("开放 开通 开馆 开门 开业 启用", "关闭 闭馆 关门 停业 停用"),
    ("增加 增长 上升 上涨 提高 增至 升至 增到 升到", "减少 下降 下跌 降低 减至 降至 减到 降到"),
    ("开始", "结束"),
    ("获胜 战胜 赢得", "失败 战败 输掉"),
    ("购买 收购 买入", "出售 卖出"),
    ("批准 同意 接受", "拒绝 否决"),
    ("成功", "失败"),
    ("合法", "非法"),
    ("安全", "危险"),
    ("男性", "女性"),
    ("丈夫", "妻子"),
    ("父亲", "母亲"),
    ("儿子", "女儿"),
    ("温暖 炎热", "寒冷 凉爽"),
    ("干燥", "潮湿 湿润"),
    ("免费", "收费"),
    ("出生", "去世 逝世"),
    ("夏季 夏天", "冬季 冬天"),
    ("早上 早晨", "晚上 傍晚"),
)
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


class Worded(Protocol):
    """What has words, and the text that they are from."""

    @property
    def folded(self) -> str: ...
    @property
    def units(self) -> frozenset[str]: ...


def opposed(claim: Worded, said: Iterable[Worded]) -> bool:
    """Whether ``claim`` has a word of which ``said`` has the opposite alone: open and close, 增加 and 减少."""
    ours = _sides(claim.folded, claim.units)
    if not ours:
        return False
    around = tuple(said)
    theirs = _sides("\n".join(each.folded for each in around), frozenset().union(*(each.units for each in around)))
    return any(side not in theirs and -side in theirs and -side not in ours for side in ours)


def _sides(folded: str, units: frozenset[str]) -> frozenset[int]:
    """The sides of ``_OPPOSITES`` that a text has, counted from 1; the second ones are negative."""
    stemmed = {side for unit in units for side in _SIDES.get(unit, ())}
    return frozenset(stemmed.union(*(_SIDES[match.group()] for match in _ZH_SIDE.finditer(folded))))


def _by_word() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for at, (one, other) in enumerate(_OPPOSITES, 1):
        for side, words in ((at, one), (-at, other)):
            for word in words.split():
                found[stems.stem(word)] = (*found.get(stems.stem(word), ()), side)
    return found


_SIDES = _by_word()
_ZH_SIDE = re.compile("|".join(word for word in _SIDES if not word.isascii()))
