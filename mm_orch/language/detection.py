"""Which of MuAI's two languages a person is writing in."""

from __future__ import annotations

import functools
import re
from typing import Literal

from mm_orch.language.script import HAN, KANA, simplified
from mm_orch.language.stopwords import stopwords

Language = Literal["zh", "en"]

_HEAD = 4000  # characters looked at: what a person says stands at the start, pasted text after it
_ASIDE = re.compile(r"```.*?(?:```|\Z)|`[^`]*`|\"[^\"]{0,400}\"|“[^”]{0,400}”|「[^」]{0,400}」|https?://\S+", re.S)
# What asks for something, beside the stopwords that hold a sentence together.
_CHINESE = "总结 翻译 解释 介绍 推荐 分析 生成 列出 改写 润色"
_ENGLISH = "translate write teach help"
_SIDES = re.compile(rf"(?P<zh>[{HAN}])|(?P<kana>[{KANA}])|(?P<en>[^\W\d_{HAN}{KANA}]+)")
_HAN_PER_WORD = 1.5  # a Chinese word has between one and two characters
_FULL_WIDTH = re.compile(r"[\u3000-\u303f\uff01-\uff5e]")


def detect(text: str) -> Language:
    """The language of the person who wrote ``text``: ``"zh"`` or ``"en"``, the latter for any other language too.

    Quotations, code and addresses do not count while other words are left: what somebody wants translated or
    explained may be in the other language. Where both languages are used, the first grammatical word decides,
    and without one the greater number of words. Never fails, whatever the characters.
    """
    head = text[:_HEAD]
    own = _ASIDE.sub(" ", head)
    han, latin = _count(own)
    if han + latin == 0:
        own = head
        han, latin = _count(own)
    if han == 0:
        return "zh" if latin == 0 and _FULL_WIDTH.search(own) else "en"
    frame = _frame().search(simplified(own)) if latin else None
    if frame:
        return "zh" if frame["zh"] else "en"
    return "zh" if _mostly_han(han, latin) else "en"


@functools.cache
def _frame() -> re.Pattern[str]:
    english = stopwords("en") - {"no"} | set(_ENGLISH.split())  # "No module named x" is what a program says
    chinese = stopwords("zh") | set(_CHINESE.split())
    return re.compile(rf"(?P<zh>{'|'.join(chinese)})|\b(?P<en>{'|'.join(english)})(?:'\w+)?\b", re.IGNORECASE)


def is_chinese(text: str) -> bool:
    """Whether most words of ``text`` are Chinese, whoever wrote it."""
    return _mostly_han(*_count(text))


def _mostly_han(han: int, latin: int) -> bool:
    return han > 0 and han >= _HAN_PER_WORD * latin


def _count(text: str) -> tuple[int, int]:
    """Han characters, and words of other languages; Japanese counts as the latter."""
    counts = {"zh": 0, "kana": 0, "en": 0}
    for found in _SIDES.finditer(text):
        counts[found.lastgroup or "en"] += 1
    if counts["kana"] * 4 > counts["zh"]:
        return 0, counts["zh"] + counts["kana"] + counts["en"]
    return counts["zh"], counts["en"]
