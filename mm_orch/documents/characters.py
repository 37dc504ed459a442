"""Characters that nobody sees, taken out of all text: they hide words from people and not from a model."""

from __future__ import annotations

import re
import unicodedata

# Soft hyphen, fillers, zero width, bidi controls, line marks, annotation marks, variation selectors and tags.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
# Typesetting forms that PDF files use in place of the letters that people type.
_TYPESET = re.compile("[\u2f00-\u2fdf\ufb00-\ufb06]")
_SIMPLIFIED_RADICALS = str.maketrans(
    "⺀⺌⺟⺠⺩⺮⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻨⻩⻬⻮⻰",
    "冫小母民王竹虎西见角贝车长门青韦页风飞食马鬼鱼鸟麦黄齐齿龙",
)


def seen(text: str) -> str:
    """``text`` without unseen characters, its lines ended by ``\\n`` alone."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))


def typed(text: str) -> str:
    """``text`` with ligatures and Chinese radicals written as the letters and characters they stand for."""
    text = text.translate(_SIMPLIFIED_RADICALS)
    return _TYPESET.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def letters(text: str) -> str:
    """The letters and digits alone, to find a text again however it is spaced and marked."""
    return "".join(character for character in text if character.isalnum())
