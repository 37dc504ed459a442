"""What a sentence says that can be compared: numbers, dates, names, quotations, and the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mm_orch.language.content_words import terms
from mm_orch.language.dates import Date, dates
from mm_orch.language.detection import is_chinese
from mm_orch.language.folding import fold, visible
from mm_orch.language.quantities import Quantity, quantities
from mm_orch.language.script import CJK, HAN
from mm_orch.language.stemming import stem

Value = Quantity | Date

_CODE = re.compile(
    r"(?<![\w.])(?!(?<=\d )k?m[23]\b)"
    r"(?:[a-z]+[-_.]?\d(?:[\w.\-]*\w)?|\d+(?:\.\d+){2,}[\w\-]*|\d{1,2}:\d{2}(?::\d{2})?)",
    re.ASCII,
)
_NAME = re.compile(r"(?<![^\W_])(?:[A-Z][^\W_]*|[^\W_]+[A-Z][^\W_]*)(?:['’][^\W_]+)?", re.ASCII)
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_QUOTED = re.compile(r"\"([^\"\n]{2,300})\"|“([^”\n]{2,300})”|「([^」\n]{2,300})」|『([^』\n]{2,300})』")
_MARKED = re.compile(r"《([^》\n]{1,100})》|`([^`\n]{2,300})`")
_OMITTED = re.compile(r"\[?(?:\.{3}|…+)\]?")
_NO_TITLE = re.compile(rf"[{HAN}]|\b[a-z]\w{{3}}|^[a-z]")
_BEHIND = re.compile(rf"[ -]?([^\W\d_{CJK}]+|[{CJK}]{{1,2}})")


@dataclass(frozen=True, slots=True)
class Facts:
    """What one sentence says.

    ``folded`` is its text as it is compared; places count in that. ``terms`` are its words that carry meaning.
    ``codes`` have digits in them and are no number: GPT-4, 3.11.2, 12:30. ``names`` are Latin names, titles and
    what is written as code; ``quotations`` the pieces of what stands between quotation marks and is no title.
    """

    folded: str
    terms: frozenset[str]
    numbers: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    quotations: tuple[str, ...]
    is_chinese: bool

    @property
    def values(self) -> tuple[Value, ...]:
        """Numbers, then dates."""
        return (*self.numbers, *self.dates)

    @property
    def years(self) -> set[int]:
        """Those of dates, and numbers that may be some."""
        alone = {int(number.value) for number in self.numbers if number.is_year}
        return alone | {date.year for date in self.dates if date.year is not None}

    def has(self, value: Value) -> bool:
        """Whether ``value`` is here: a number in any unit of its kind, a date at least as exactly."""
        if isinstance(value, Quantity):
            year = not value.dimension and any(date.year == value.value for date in self.dates)
            return year or any(value.same(other) for other in self.numbers)
        only_year = value.month is None and value.day is None and value.year in self.years
        return only_year or any(other.holds(value) for other in self.dates)

    def counted(self, number: Quantity) -> str:
        """What one of its own numbers counts: the word right behind it, empty for none."""
        behind = _BEHIND.match(self.folded, number.end)
        return stem(behind[1]) if behind else ""

    def written(self, value: Value) -> str:
        """One of its own values as it stands in the sentence."""
        return self.folded[value.start : value.end].strip()


def read(text: str) -> Facts:
    """The facts of ``text``. Total: any text can be read, an empty one says nothing."""
    plain, folded = visible(text), fold(text)
    masked = _CODE.sub(lambda match: " " * len(match.group()), folded)
    said = dates(masked)
    masked = _without(masked, said)
    counted = quantities(masked)
    said_terms = terms(_without(masked, counted))
    in_chinese = is_chinese(folded)
    return Facts(
        folded,
        said_terms,
        tuple(counted),
        tuple(said),
        tuple(match.group() for match in _CODE.finditer(folded)),
        tuple(name for name in dict.fromkeys(map(fold, _names(plain, in_chinese))) if _has_term(name, said_terms)),
        tuple(_quotations(plain)),
        in_chinese,
    )


def _has_term(name: str, said: frozenset[str]) -> bool:
    """Whether a name is more than a unit, a month or a part of a code."""
    return not terms(name).isdisjoint(said)


def _without(text: str, found: Sequence[Value]) -> str:
    for item in found:
        text = text[: item.start] + " " * (item.end - item.start) + text[item.end :]
    return text


def _names(plain: str, in_chinese: bool) -> Iterator[str]:
    """All Latin words of a Chinese sentence; of others what has a capital that does not only begin the sentence."""
    yield from (_inside(match) for match in _MARKED.finditer(plain))
    if in_chinese:
        yield from _LATIN.findall(plain)
        return
    first = re.match(r"\W*\w+", plain)
    for match in _NAME.finditer(plain):
        if (first and match.start() >= first.end()) or any(letter.isupper() for letter in match.group()[1:]):
            yield re.sub(r"['’]s$", "", match.group())


def _quotations(plain: str) -> Iterator[str]:
    """What is quoted, at its "…" in pieces; a title, every longer word of which has a capital, is a name."""
    for match in _QUOTED.finditer(plain):
        if _NO_TITLE.search(_inside(match)):
            yield from filter(str.strip, _OMITTED.split(fold(_inside(match))))


def _inside(match: re.Match[str]) -> str:
    return str(next(filter(None, match.groups())))
