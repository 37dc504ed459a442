"""Which script a character belongs to, and traditional Chinese characters as simplified ones."""

from __future__ import annotations

import re
from pathlib import Path

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"
CJK = HAN + KANA
"""Character classes for regular expressions: put them between square brackets."""

_CJK = re.compile(f"[{CJK}]")
_RUN = re.compile(rf"[{CJK}]+|[^{CJK}]+")
# Simplified characters that are also traditional ones with another meaning: 皇后, 里程, 表面, 卷曲.
_SHARED = frozenset("台里后面才云余系周志布占几制准向回困松板征范咸刮卷御斗")


def has_cjk(text: str) -> bool:
    """Whether ``text`` has Chinese or Japanese characters."""
    return _CJK.search(text) is not None


def runs(text: str) -> list[str]:
    """``text`` cut where Chinese or Japanese characters begin or end."""
    return _RUN.findall(text)


def _table(section: str) -> dict[int, str]:
    rows = [line for line in section.splitlines() if not line.startswith("#")]
    return dict(zip(map(ord, "".join(rows[::2])), "".join(rows[1::2]), strict=True))


_COMMON, _RARE = map(
    _table, (Path(__file__).parent / "data" / "traditional.txt").read_text(encoding="utf-8").split("\n\n")
)
_SIMPLIFIED = _COMMON | _RARE
_SIMPLIFIED_ONLY = frozenset(_COMMON.values()) - _SHARED


def simplified(text: str) -> str:
    """``text`` with traditional characters written as simplified ones, one for one."""
    return text.translate(_SIMPLIFIED)


def is_traditional(text: str) -> bool:
    """Whether ``text`` is written in traditional Chinese characters: more of them than of simplified ones.

    Characters that both scripts use do not count; text without Chinese characters is not traditional.
    """
    traditional = sum(ord(character) in _SIMPLIFIED for character in text)
    return traditional > sum(character in _SIMPLIFIED_ONLY for character in text)
