"""What a sentence says that can be compared: numbers, dates, names, quotations, words, and what it denies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mm_orch.checking.negation import denied, negations
from mm_orch.language import stems
from mm_orch.language.dates import Date, dates
from mm_orch.language.detection import is_chinese
from mm_orch.language.folding import fold, visible
from mm_orch.language.quantities import Quantity, quantities

_CODE = re.compile(
    r"(?<![\w.])(?!(?<=\d )k?m[23]\b)"
    r"(?:[a-z]+[-_.]?\d(?:[\w.\-]*\w)?|\d+(?:\.\d+){2,}[\w\-]*|\d{1,2}:\d{2}(?::\d{2})?)",
    re.ASCII,
)
_NAME = re.compile(r"(?<![^\W_])(?:[A-Z][^\W_]*|[^\W_]+[A-Z][^\W_]*)(?:['’][^\W_]+)?", re.ASCII)
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_QUOTED = re.compile(
    r"\"([^\"\n]{2,300})\"|“([^”\n]{2,300})”|「([^」\n]{2,300})」|『([^』\n]{2,300})』|《([^》\n]{1,100})》|`([^`\n]{2,300})`"
)
# What turns a statement into another one: each that a sentence has must be in what it rests on.
_DECISIVE = re.compile(
    r"\b(?:all|every|always|only|most|least|first|last|before|after|more|less|fewer|increas\w*|decreas\w*|reduc\w*"
    r"|minimum|maximum|largest|smallest|highest|lowest|longest|shortest|oldest|youngest|fastest|slowest|best|worst"
    r"|cause[ds]?|because|must|required|optional|forbidden|allowed|enabled?|disabled?|true|false|same|different"
    r"|yesterday|today|tomorrow|refus\w*|north\w*|south\w*|east\w*|west\w*|left|right|hot|cold|above|below|inside|outside|half|double)\b"
    r"|(?<=\d)\s?[ap](?:m\b|\.m\.)"
    r"|所有|全部|总是|只有|仅|最|第一|之前|以前|之后|以后|增加|增长|减少|下降|上升|导致|因为|必须|可选|禁止|允许|启用|禁用"
    r"|昨天|今天|明天|去年|今年|明年|相同|不同|东|南|西|北|左|右|一半|两倍|高于|低于|大于|小于|多于|少于|内部|外部|拒绝|上午|下午"
    r"|(?:周|星期|礼拜)[一二三四五六日天](?!次|个|回|趟|班|天|小时)"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence, read.

    ``folded`` is its text as it is compared; places count in that. ``words`` are what carries meaning
    (``stems.units``), ``units`` the same without places; ``names`` are Latin names as folded words, ``brands``
    those that are written alike in every language, ``codes`` what mixes letters and digits; ``denied`` the words
    within reach of one of its ``negations``; ``decisive`` those that would turn its meaning.
    """

    folded: str
    words: tuple[tuple[str, int], ...]
    units: frozenset[str]
    numbers: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    names: frozenset[str]
    brands: frozenset[str]
    codes: frozenset[str]
    quotations: tuple[str, ...]
    denied: frozenset[str]
    negations: int
    decisive: frozenset[str]
    is_chinese: bool


def read(text: str) -> Claim:
    """What ``text`` says. Total: any text can be read, an empty one says nothing."""
    plain = visible(text)
    folded = fold(text)
    codes = [match.group() for match in _CODE.finditer(folded)]
    masked = _CODE.sub(lambda match: " " * len(match.group()), folded)
    said = dates(masked)
    masked = _without(masked, said)
    counted = quantities(masked)
    words = tuple(stems.units(_without(masked, counted)))
    in_chinese = is_chinese(folded)
    negated = negations(folded)
    said_words = frozenset(unit for unit, _ in words)
    names = frozenset(_names(plain, in_chinese)) & said_words
    marked = {part for match in _NAME.finditer(plain) if _inner(match.group()) for part in _parts(match.group())}
    return Claim(
        folded,
        words,
        said_words,
        tuple(counted),
        tuple(said),
        names,
        frozenset(name for name in names if in_chinese or name in marked),
        frozenset(codes),
        tuple(fold(next(filter(None, match.groups()))) for match in _QUOTED.finditer(plain)),
        denied(words, negated),
        len(negated),
        frozenset(_turning(match.group()) for match in _DECISIVE.finditer(folded)),
        in_chinese,
    )


def _turning(word: str) -> str:
    """A word that would turn a meaning, in the form in which it is compared."""
    weekday = re.sub("(?:星期|礼拜)(?=.)", "周", word).replace("周天", "周日")
    return stems.stem(weekday.replace(".", "").strip())


def _without(text: str, found: Sequence[Date] | Sequence[Quantity]) -> str:
    for item in found:
        text = text[: item.start] + " " * (item.end - item.start) + text[item.end :]
    return text


def _names(plain: str, is_chinese: bool) -> set[str]:
    """Latin names: all Latin words of a Chinese sentence, in others what has a capital (its first word aside)."""
    if is_chinese:
        return {name for match in _LATIN.finditer(plain) for name in _parts(match.group())}
    first = re.match(r"\W*\w+", plain)
    end = first.end() if first else 0
    return {
        name
        for match in _NAME.finditer(plain)
        if match.start() >= end or _inner(match.group())
        for name in _parts(match.group())
    }


def _inner(word: str) -> bool:
    """Whether a word has capitals behind its first letter: GGUF, LoRA."""
    return any(letter.isupper() for letter in word[1:])


def _parts(word: str) -> list[str]:
    return [stem for stem, _ in stems.units(word.casefold().replace("’", "'"))]
